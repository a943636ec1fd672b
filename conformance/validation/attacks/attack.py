"""What an attack is, and what `signet verify` has to say of it."""
import dataclasses
import typing

FORGED = "TOTAL-FAILED/FORMAT_FAILURE"


@dataclasses.dataclass(frozen=True)
class Attack:
    """`change` makes the attacked document out of the sealed one. `kinds`: changes after the first signature that the report has to
    name: forbidden ones, or allowed ones where the verdict is TOTAL-PASSED, with a warning unless `warned` is false. `says`: part of
    its errors, one of these."""

    name: str
    change: typing.Callable[[bytes], bytes]
    kinds: tuple = ()
    says: tuple = ()
    certify: int = 0  # the DocMDP that the sealed document has; 0: none
    verdict: str = FORGED
    warned: bool = True
    status: int = 41  # of the command, for the worst signature in the document
