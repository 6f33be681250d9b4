"""
Differentiation of functions on tensors.

The engine (`activity`, `reverse`, `forward`, `derive`) knows no operation; `rules/` holds what each one's
derivative is, in tables keyed by operation class. Derivatives are made of operations that have
rules again, so a derivative can itself be differentiated.
"""
