"""What lowering passes share: an emitter of loops and index arithmetic, and the places where values live."""
