#!/usr/bin/env python3
"""Enrolment from end to end: `signet-seald enrol` with the seal server, the emulated appliance, the test authority, and SoftHSMv2
tokens as cards."""
import os
import pathlib
import re
import subprocess

import registration
import seald

NEW = ["--name", "Office", "--organisation", registration.ORGANISATION]
FAILED, NOT_FOUND, EXISTS, PIN, FULL, NO_ANSWER, WAITS, OTHER, WRONG_CHAIN = 1, 3, 5, 6, 7, 9, 14, 20, 23


def whole(office):
    """One client, twice the same command, then enrolled again."""
    card = office.card("whole")
    report = office.enrol(card, *NEW)
    found = office.check(card, report)
    assert report["hashOnCard"] and report["organisation"] == registration.ORGANISATION and report["round"] == 1
    said = office.enrol(card, *NEW, status=EXISTS)
    assert "is enrolled" in said and f"--client {report['client']}" in said, said

    new = office.card("again")
    again = office.enrol(new, "--client", report["client"], account=None)
    assert again["client"] == report["client"] and again["account"] == "office" and again["round"] == 2
    assert again["contentKeyHash"] != report["contentKeyHash"]
    assert again["sealing"] == report["sealing"], "the sealing key was not kept"
    fresh = office.check(new, again)
    assert fresh["password"] != found["password"] and fresh["enrolKey"] == found["enrolKey"]
    status, _ = office.appliance.get("/account", "office", found["password"])
    assert status == 401, "the former password is still good"
    assert "403" in office.open(card, report["client"], status=1), "the former card still logs in"


def nothing_in_the_clear(office):
    """Neither journal nor log nor database knows the password, and the office has no K."""
    card = office.card("secret")
    report = office.enrol(card, *NEW, account="secret")
    password = office.check(card, report)["password"].encode()
    for file in [path for path in pathlib.Path(office.folder).rglob("*") if path.is_file()]:
        assert password not in file.read_bytes(), f"{file} has the appliance password"
        if "tokens" not in file.parts:
            assert registration.PIN.encode() not in file.read_bytes() or file == pathlib.Path(office.pin_file), f"{file} has the PIN"


def rsa_card(office):
    office.settings(authentication="seal-client-rsa")
    card = office.card("rsa")
    office.check(card, office.enrol(card, *NEW, "--card-key", "rsa:2048", "--sealing-key", "ec:P-256", account="rsa"))
    office.settings()


def slow_authority(office):
    """An authority that takes its time, then refuses; the same command goes on each time."""
    answer = office.folder / "answer"
    program = office.folder / "slow-ca"
    program.write_text(f'#!/bin/sh\n[ ! -e "{answer}" ] || cat "{answer}"\n', encoding="ascii")
    program.chmod(0o700)
    office.settings(sealing_ca=str(program))
    card = office.card("slow")
    said = office.enrol(card, *NEW, account="slow", status=WAITS)
    assert "has not decided yet" in said and "same command again" in said, said
    request = office.journal("slow")["sealing"]["request"]
    office.enrol(card, account="slow", status=WAITS)
    answer.write_text("refused: no such organisation\n", encoding="ascii")
    said = office.enrol(card, account="slow", status=11)
    assert "refuses the request: no such organisation" in said, said
    assert office.journal("slow")["sealing"]["request"] == request != "", "the authority was asked with another request"
    office.settings()
    office.check(card, office.enrol(card, account="slow"))


def wrong_certificates(office):
    """What the authority gives is looked at before anything depends on it."""
    card = office.card("wrong")
    office.settings(authentication="tls-client")  # no keyAgreement
    said = office.enrol(card, *NEW, account="wrong", status=WRONG_CHAIN)
    assert "keyAgreement" in said, said
    assert not [c for c in office.clients() if c["name"] == "Wrong"]
    office.settings()
    (office.dir / "roots.pem").rename(office.dir / "kept.pem")
    (office.dir / "roots.pem").write_bytes((office.dir / "ra.crt").read_bytes())
    said = office.enrol(card, account="wrong", status=WRONG_CHAIN)
    assert "does not chain to the roots" in said, said
    (office.dir / "kept.pem").rename(office.dir / "roots.pem")
    said = office.enrol(card, "--name", "Other", account="wrong", status=EXISTS)
    assert "was begun for" in said, said
    office.check(card, office.enrol(card, account="wrong"))


def cards(office):
    """No PIN, a wrong one, no module, no card, another card, one without room, one without ECDH."""
    card = office.card("cards")
    wrong = registration.secret_file(office.folder / "wrong.pin", "00000000")
    said = office.enrol(card, *NEW, account="cards", pin_file=wrong, status=PIN)
    assert "PIN is wrong" in said, said
    words = [word for word in office.words(card, *NEW, account="cards") if word not in ("--pin-file", office.pin_file)]
    done = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=3 * seald.PATIENCE, check=False)
    assert done.returncode == PIN and "--pin-file" in done.stderr, done.stderr
    said = office.enrol("pkcs11:token=cards", *NEW, account="cards", status=12)
    assert "module-path" in said, said
    said = office.enrol(card.replace("cards", "absent"), *NEW, account="cards", status=NOT_FOUND)
    assert not (office.dir / "enrolments/cards.json").exists(), "a card that cannot be used has begun an enrolment"

    full = card.replace(registration.SOFTHSM, os.environ["SIGNET_TEST_FULL_CARD"])
    os.environ["FULL_CARD_AFTER"] = "0"
    said = office.enrol(full, *NEW, account="cards", status=FULL)
    assert "full" in said, said
    # A later one finds room, but no place for data: then the letter has the hash.
    os.environ["FULL_CARD_AFTER"] = "data"
    report = office.enrol(full, account="cards")
    assert not report["hashOnCard"] and report["contentKeyHash"], report
    del os.environ["FULL_CARD_AFTER"]
    words = [word for word in office.words(full, "--client", report["client"], account=None) if word != "--json"]
    told = subprocess.run(words, capture_output=True, text=True, timeout=3 * seald.PATIENCE, check=False,
                          env=os.environ | {"FULL_CARD_AFTER": "data"})
    assert told.returncode == 0 and "registration letter" in told.stdout, told.stderr


def lost_card(office):
    """A card that is lost in the middle: another one goes on, and the first is void."""
    first, second = office.card("first"), office.card("second")
    office.settings(sealing_ca="/bin/true")
    office.enrol(first, *NEW, account="lost", status=WAITS)
    office.settings()
    said = office.enrol(second, account="lost", status=FAILED)
    assert "--new-card" in said and "first" in said, said
    report = office.enrol(second, "--new-card", account="lost")
    office.check(second, report)
    assert "403" in office.open(first, report["client"], status=1)


def accounts(office):
    """An account that somebody else has is left alone."""
    card = office.card("accounts")
    said = office.enrol(card, *NEW, account="seal", status=EXISTS)
    assert 'has an account "seal" already' in said, said
    said = office.enrol(card, account="seal", status=EXISTS)
    status, _ = office.appliance.get("/account", "seal", registration.ADMIN_PASSWORD)
    assert status == 200, "the account of somebody else has another password"
    said = office.enrol(card, *NEW, account="../x", status=FAILED)
    assert "named by" in said, said
    # The client goes on with another account; the one that is not its own stays as it is when the client ends.
    journal = office.journal("seal")
    assert journal["client"] and not journal["accountAsked"], journal
    report = office.enrol(card, "--client", journal["client"], account="seal2")
    office.check(card, report)
    assert not office.has_journal("seal"), "the journal of the former name is there"
    said = office.enrol(card, "--client", report["client"], account="seal3", status=EXISTS)
    assert "has the account seal2 already" in said, said

    other = office.card("accounts2")
    office.enrol(other, *NEW, account="seal", status=EXISTS)
    client = office.journal("seal")["client"]
    told = seald.run(seald.PROGRAM, "client", "revoke", office.dir, "--client", client)
    assert "has ended" in told and "password" not in told, told
    status, _ = office.appliance.get("/account", "seal", registration.ADMIN_PASSWORD)
    assert status == 200, "the account of somebody else has another password"


def asked_for_nothing(office):
    """A first run that asked the appliance for nothing does not make the account of somebody else its own."""
    secret = office.dir / "admin.password"
    kept = secret.read_text(encoding="utf-8")
    for name, text in (("unread", None), ("refused", "a wrong one")):
        secret.unlink()
        if text:
            registration.secret_file(secret, text)
        card = office.card(name)
        office.enrol(card, *NEW, account=name, status=PIN)
        assert not office.journal(name)["accountAsked"], office.journal(name)
        secret.unlink(missing_ok=True)
        registration.secret_file(secret, kept)
        office.check(card, office.enrol(card, account=name))


def never_made(office):
    """The appliance was not reached, then the card is lost: there is no account whose password could be taken back."""
    first, second = office.card("never1"), office.card("never2")
    office.appliance.stop()
    office.enrol(first, *NEW, account="never", status=NO_ANSWER)
    office.appliance.start()
    office.settings()
    report = office.enrol(second, "--new-card", account="never")
    office.check(second, report)


def cards_of_others(office):
    """A card that another client was enrolled with is not wiped without a word."""
    card = office.card("others")
    first = office.enrol(card, *NEW, account="others")
    said = office.enrol(card, *NEW, account="others2", status=EXISTS)
    assert "is that of the account others" in said and "--reuse-card" in said, said
    office.check(card, first)
    second = office.enrol(card, *NEW, "--reuse-card", account="others2")
    office.check(card, second)


def revoked_meanwhile(office):
    """The card's key is revoked in the middle of the enrolment: the same card gets another one."""
    card = office.card("meanwhile")
    office.settings(sealing_ca="/bin/true")
    office.enrol(card, *NEW, account="meanwhile", status=WAITS)
    office.settings()
    client = office.journal("meanwhile")["client"]
    key = office.client(client)["authenticationCertificates"][0]["key"]
    seald.run(seald.PROGRAM, "client", "revoke-key", office.server.dir, "--key", key)
    office.enrol(card, account="meanwhile", status=EXISTS)
    office.check(card, office.enrol(card, "--new-card", account="meanwhile"))


def no_server(office):
    """The password ends also where the seal server cannot be reached, and a client that has ended stays so."""
    card = office.card("ends")
    report = office.enrol(card, *NEW, account="ends")
    password = office.check(card, report)["password"]
    office.server.stop()
    seald.run(seald.PROGRAM, "client", "revoke", office.dir, "--client", report["client"], status=NO_ANSWER)
    assert office.appliance.get("/account", "ends", password)[0] == 401, "the password is still good"
    office.server.start()
    office.settings()
    seald.run(seald.PROGRAM, "client", "revoke", office.dir, "--client", report["client"])
    said = office.enrol(office.card("ends2"), "--client", report["client"], account=None, status=FAILED)
    assert "has ended for ever" in said, said


def revoke(office):
    card = office.card("revoke")
    report = office.enrol(card, *NEW, account="revoke")
    password = office.check(card, report)["password"]
    told = seald.run(seald.PROGRAM, "client", "revoke", office.dir, "--client", report["client"])
    assert "has ended" in told, told
    known = office.client(report["client"])
    assert known["state"] == "ended" and {key["state"] for key in known["authenticationCertificates"]} == {"revoked"}, known
    assert office.appliance.get("/account", "revoke", password)[0] == 401, "the password is still good"
    assert "403" in office.open(card, report["client"], status=1)
    seald.run(seald.PROGRAM, "client", "revoke", office.dir, "--client", report["client"])  # again
    said = seald.run(seald.PROGRAM, "client", "revoke", office.dir, "--client", "0" * 32, status=NOT_FOUND)
    assert "--account" in said, said


def lost_journal(office):
    """The office's folder is gone: the client is enrolled again by its id and account."""
    card = office.card("journal")
    report = office.enrol(card, *NEW, account="journal")
    (office.dir / "enrolments/journal.json").unlink()
    new = office.card("journal2")
    said = office.enrol(new, "--client", report["client"], account=None, status=NOT_FOUND)
    assert "--account" in said, said
    again = office.enrol(new, "--client", report["client"], account="journal")
    assert again["sealing"] == report["sealing"]
    office.check(new, again)


def outages(office):
    card = office.card("outages")
    office.appliance.stop()
    said = office.enrol(card, *NEW, account="outages", status=NO_ANSWER)
    assert said.startswith("signet-seald: The appliance"), said
    office.appliance.start()
    text = (office.dir / "enrol.toml").read_text(encoding="utf-8")
    (office.dir / "enrol.toml").write_text(re.sub(r'server_pins = \["sha256//.....', 'server_pins = ["sha256//AAAAA', text), encoding="utf-8")
    said = office.enrol(card, account="outages", status=NO_ANSWER)
    office.settings()
    office.check(card, office.enrol(card, account="outages"))


def main():
    with registration.Office() as office:
        for part in (whole, nothing_in_the_clear, rsa_card, slow_authority, wrong_certificates, cards, lost_card, accounts, asked_for_nothing,
                     never_made, cards_of_others, revoked_meanwhile, revoke, no_server, lost_journal, outages):
            part(office)
            print(f"{part.__name__}: good", flush=True)


main()
