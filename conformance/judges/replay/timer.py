"""The same documents kept by a timer: `signet preserve run` every sixty days from 2012 to 2027, under one configuration that names all
time-stamp authorities, of which each exists for some years only. Nobody looks at what is due.
"""
import judges
import years
from authorities import DAY
from pki import moment, text

EVERY = 60 * DAY
END = moment("2027-10-19T12:00:00")
# Ninety days before each of these moments at the latest, and no earlier than a turn of the timer before that, documents are extended.
ENDS = [moment(end) for end in ("2012-10-01", "2017-03-01", "2020-10-10", "2023-02-20", "2027-10-18T12:00:00")]
UNITS = ["unit-e", "unit-d", "unit-c", "unit-b", "unit-a"]  # the newest one first


def expect_in_time(extended):
    """Once for each end, between 90 and 30 days before it."""
    wrong = [text(at) for at, end in zip(extended, ENDS) if not end - 90 * DAY <= at <= end - 30 * DAY]
    if wrong or len(extended) != len(ENDS):
        raise judges.Failure(f"extended at {[text(at) for at in extended]}, not in front of {[text(end) for end in ENDS]}")


def kept_by_timer(archive):
    """From the seal to the end."""
    years.seal(archive)
    archive.signet(years.FIRST_LOOK, "preserve", "add", "archive")
    archive.configure(*UNITS)
    extended = []
    at = years.FIRST_LOOK
    while at < END:
        if archive.json(at, "preserve", "run")["run"]["extended"]:
            extended.append(at)
        at += EVERY
    expect_in_time(extended)
    for document in years.DOCUMENTS:
        archive.judged(f"archive/{document}", END, "TOTAL-PASSED", "B-LTA", years.SEALED, moment("2033-02-01"))
