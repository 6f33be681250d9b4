"""Kinds of work, each written once over operations that every peer has, and once for anamc."""
