"""The grammar of index notation, for lark, and what its terminals are called in errors."""

GRAMMAR = r"""
start: statement*
?statement: input | param | const | shape | output | kernel | gradient | target | stored | made
input: "input" NAME [dims] [":" NAME]
param: "param" NAME dims ["=" NAME "(" args ")"]
const: "const" NAME "=" expr
shape: NAME SHAPE "=" "[" args "]"
output: "output" NAME ("," NAME)*
target: NAME NAME ":" NAME ("," NAME)*
stored: NAME NAME dims ["=" NAME "(" args ")"]
made: NAME "=" NAME "(" branch ("," branch)* ")"
branch: [NAME ":"] expr
kernel: written ACCUMULATE body [iterators]
written: NAME "[" args "]" -> written_at
      | NAME "{" expr "}" -> written_flat
      | GRAD "(" NAME ")" "[" args "]" -> written_grad_at
      | GRAD "(" NAME ")" "{" expr "}" -> written_grad_flat
gradient: GRAD "(" NAME ")" NAME "{" kernel+ RIGHT_BRACE
iterators: "|" iterator | "|" "(" iterator ("," iterator)* ")"
iterator: NAME ["in" expr RANGE expr]
dims: "[" args "]"
args: [expr ("," expr)*]
body: let* expr
let: "let" NAME "=" expr ";"
?expr: expr OR both -> binary
     | both
?both: both AND negated -> binary
     | negated
?negated: NOT negated -> unary
        | comparison
?comparison: sum COMPARE sum -> binary
           | sum
?sum: sum PLUS product -> binary
    | sum MINUS product -> binary
    | product
?product: product TIMES signed -> binary
        | product DIV signed -> binary
        | product MOD signed -> binary
        | signed
?signed: MINUS signed -> unary
       | postfix
?postfix: postfix LEFT_BRACKET args "]" -> at
        | postfix LEFT_BRACE expr RIGHT_BRACE -> flat
        | postfix SHAPE -> property
        | postfix LEN -> property
        | primary
?primary: INTEGER -> integer
        | SCALAR -> scalar
        | NAME -> name
        | NAME "(" args ")" -> invoke
        | GRAD "(" NAME ")" -> grad
        | LEFT_BRACKET args "]" -> items
        | "(" body ")"
OR: "or"
AND: "and"
NOT: "not"
DIV: "div"
MOD: "mod"
GRAD: "grad"
ACCUMULATE: "++=" | "+="
COMPARE: "==" | "!=" | "<=" | ">=" | "<" | ">"
RANGE: "..<" | ".."
PLUS: "+"
MINUS: "-"
TIMES: "*" | "/"
LEFT_BRACKET: "["
LEFT_BRACE: "{"
RIGHT_BRACE: "}"
SHAPE: /\.\s*shape\b/
LEN: /\.\s*len\b/
NAME: /[A-Za-z_][A-Za-z0-9_]*/
SCALAR.2: /(\d+\.\d+([eE][+-]?\d+)?|\d+[eE][+-]?\d+)(?![A-Za-z0-9_])/
INTEGER: /\d+(?![A-Za-z0-9_])/
%ignore /[ \t\r\n\f]+/
%ignore /#[^\n]*/
"""
"""
Newlines are spaces. Words of statements that only stand in one place (`by`, `target`, `cache`, `random`,
`cond`, `reshape`) are names to the grammar, so that tensors may be called the same.
"""

WORDS = {
    "OR": "an operator",
    "AND": "an operator",
    "DIV": "an operator",
    "MOD": "an operator",
    "COMPARE": "an operator",
    "PLUS": "an operator",
    "TIMES": "an operator",
    "MINUS": "'-'",
    "NOT": "'not'",
    "NAME": "a name",
    "SCALAR": "a number",
    "INTEGER": "a number",
    "ACCUMULATE": "'++='",
    "RANGE": "'..<'",
    "GRAD": "'grad'",
    "SHAPE": "'.shape'",
    "LEN": "'.len'",
    "LEFT_BRACKET": "'['",
    "LSQB": "'['",
    "RSQB": "']'",
    "LEFT_BRACE": "'{'",
    "LBRACE": "'{'",
    "RIGHT_BRACE": "'}'",
    "LPAR": "'('",
    "RPAR": "')'",
    "COMMA": "','",
    "COLON": "':'",
    "SEMICOLON": "';'",
    "EQUAL": "'='",
    "VBAR": "'|'",
    "$END": "the end of the text",
}
"""Terminals in words; others are keywords and are shown as such."""
