"""What the invented newspapers of an invented region say. Numbers make each telling a new one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of a story: the words, who said them, and how sure the extractor was."""

    words: str
    claimant: str
    score: float
    kind: str = "quantity"


@dataclass(frozen=True, slots=True)
class Story:
    title: str
    body: str
    said: tuple[Said, ...]


def story(number: int) -> Story:
    """The same story about a council, told with other figures each time."""
    homes, cost, fall, beds = 40 + number * 3, 61 + number * 7, 12 + number % 9, 90 + number * 2
    said = (
        Said(f"The council built {homes} homes in the last two years", "Helen Marsh", 0.91),
        Said(f"the new tram line will cost each household £{cost}", "Colm Darragh", 0.87),
        Said(f"Burglaries have fallen by {fall} percent since the spring", "Ines Okafor", 0.78),
        Said(f"the hospital has closed {beds} beds without telling anybody", "Tomas Reed", 0.64, "event"),
        Said(f"No other town of the region spends less than £{cost * 3} a head on its schools", "", 0.42),
    )
    body = (
        f"Eastmouth council argues about its figures, for the {number + 2}th time this year\n\n"
        f"“{said[0].words},” the treasurer {said[0].claimant} told the chamber on Tuesday. The opposition "
        f"was not convinced. {said[1].claimant}, who leads it, said that {said[1].words}, and that nobody "
        "had voted for this.\n\n"
        f"{said[2].words}, according to the police commissioner {said[2].claimant}. A spokesman for the "
        f"nurses, {said[3].claimant}, claimed that {said[3].words}.\n\n"
        f"{said[4].words}. The council meets again next week, when the auditors present their report.\n"
    )
    return Story(f"Eastmouth council argues about its figures ({number + 1})", body, said)


ACCOUNTS = (
    "Capital accounts of Eastmouth to 31 January\n\n"
    "Completed dwellings, social rent: 31. Completed dwellings, shared ownership: 4. "
    "Under construction: 52.\n\n"
    "The figures were audited and are final. A dwelling counts as completed on the day it is handed over.\n\n"
    "Tram line, expenditure to date: £131.2m. Households in the area of the levy: 256,800.\n"
)
QUOTATION = "Completed dwellings, social rent: 31."
