#!/usr/bin/env python3
"""From an activation card to a client: `signet client init`, `signet activate`, `signet client import`, and what each refuses."""
import json
import pathlib
import shutil

import scene as scenes


def check_story(scene):
    card = scenes.Card(scene, "card")
    card.enrol()
    office = scene.installation("office")
    assert office.signet("code") == office.code
    assert "exists" not in office.signet("init", status=5) and office.signet("code") == office.code
    file = scene.folder / "office.sig"
    report = json.loads(card.activate(file, "--client-code", office.code.lower().replace("-", " "), "--json"))
    assert report["id"] and not pathlib.Path(str(file) + ".part").exists()

    # Until it is imported, the card makes another one, and the unused key is revoked.
    newer = scene.folder / "office-newer.sig"
    card.activate(newer, "--client-code", office.code)
    refused = office.import_file(file, status=1)
    assert "revoked" in refused, refused

    # The folder now knows the older file as begun; the newer one is taken.
    shown = json.loads(office.import_file(newer, "--name", "office", "--json"))
    assert shown["account"] == "seal" and shown["members"] == [scene.appliance.url], shown
    status = json.loads(office.signet("status", "--json"))
    assert status["clients"][0]["name"] == "office" and status["clients"][0]["organisation"] == scenes.ORGANISATION, status
    assert office.key_states() == ["active", "revoked", "superseded"], office.key_states()
    assert "imported already" in office.import_file(newer, status=26)
    assert "a newer one" in office.import_file(file, status=26)
    used = card.activate(scene.folder / "third.sig", "--client-code", office.code, status=1)
    assert "This card was used for activation at 20" in used or "this card was used for activation at 20" in used, used
    assert not (scene.folder / "third.sig").exists()

    # Nobody sees the password: not in a file of the installation, the card's machine or the server.
    for folder in (office.folder, card.folder, scene.server.folder / "server"):
        for each in pathlib.Path(folder).rglob("*"):
            if each.is_file():
                assert scenes.PASSWORD.encode() not in each.read_bytes(), each


def check_refusals(scene):
    card = scenes.Card(scene, "card2")
    card.enrol(name="second")
    office = scene.installation("refusals")
    other = scene.installation("elsewhere")
    file = scene.folder / "refusals.sig"
    card.activate(file, "--client-code", office.code)
    text = file.read_text(encoding="ascii")

    assert "made for another installation" in other.import_file(file, status=20)
    half = scene.folder / "half.sig"
    half.write_text(text[: len(text) // 2], encoding="ascii")
    assert "not whole" in office.import_file(half, status=12)
    half.write_text("nothing of the kind", encoding="ascii")
    assert "no activation file" in office.import_file(half, status=12)
    # One letter in the middle, far from the outer structure.
    at = text.index("\n", len(text) // 3) + 5
    half.write_text(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1:], encoding="ascii")
    office.import_file(half, status=27)

    assert "is demanded" in office.signet("import", file, "--roots", scene.roots, "--organisation", "NTRCZ-87654321", "--yes", status=11)
    assert "none of the pins" in office.import_file(file, "--server-pin", scene.appliance.pin, status=11)
    server = pathlib.Path(scene.server.file("server.crt"))
    office.signet("import", file, "--roots", server, "--organisation", scenes.ORGANISATION, "--yes", status=23)
    office.signet("import", file, "--roots", scene.roots, "--yes", status=2)
    assert "absolut" not in office.import_file(file, "--usage", "1.2.3.4", status=11)

    # The wrong account: the appliance says so, and the card is not used up.
    client = scene.folder / "again.sig"
    assert office.import_file(file, "--name", "../office", status=12)
    office.import_file(file)
    card.activate(client, "--client-code", office.code, status=1)


def check_other_customer(scene):
    """A card of another customer of the same authority makes a file for a client code that it has seen."""
    card = scenes.Card(scene, "stranger")
    card.enrol(organisation="NTRCZ-87654321", name="stranger")
    office = scene.installation("victim")
    file = scene.folder / "stranger.sig"
    card.activate(file, "--client-code", office.code)
    refused = office.import_file(file, status=11)
    assert "NTRCZ-87654321" in refused and scenes.ORGANISATION in refused, refused


def check_passphrase(scene):
    card = scenes.Card(scene, "phrase")
    card.enrol(name="phrase")
    file, phrase = scene.folder / "phrase.sig", scene.folder / "phrase.txt"
    phrase.write_text("short", encoding="ascii")
    phrase.chmod(0o600)
    assert "at least 12" in card.activate(file, "--passphrase", "--passphrase-file", phrase, status=6)
    phrase.write_text("correct horse battery", encoding="ascii")
    card.activate(file, "--passphrase", "--passphrase-file", phrase)
    machine = scene.installation("phrased")
    wrong = scene.folder / "wrong.txt"
    shutil.copy(phrase, wrong)
    wrong.write_text("correct horse batter", encoding="ascii")
    wrong.chmod(0o600)
    assert "passphrase is another one" in machine.import_file(file, "--passphrase-file", wrong, status=6)
    machine.import_file(file, "--passphrase-file", phrase)


def check_cards(scene):
    office = scene.installation("cards")
    out = scene.folder / "cards.sig"
    card = scenes.Card(scene, "bare")
    assert "no authentication certificate" in card.activate(out, "--client-code", office.code, status=3)
    card = scenes.Card(scene, "wrong")
    card.enrol(name="wrong")
    assert "character" in card.activate(out, "--client-code", office.code[:-1], status=12)
    card.pin_file.write_text("0000", encoding="utf-8")
    assert "count" in card.activate(out, "--client-code", office.code, status=6)
    card.pin_file.write_text(scenes.CARD_PIN, encoding="utf-8")
    # A server with another key is told nothing.
    refused = card.run(scenes.SIGNET, "activate", "--card", card.name, "--module", scenes.SOFTHSM, "--pin-file", card.pin_file, "--server",
                       scene.url, "--server-pin", scene.appliance.pin, "--client-code", office.code, "-o", out, status=1)
    assert "pin" in refused, refused
    assert not out.exists() and not pathlib.Path(str(out) + ".part").exists()
    out.write_text("something", encoding="ascii")
    assert "is there already" in card.activate(out, "--client-code", office.code, status=5)
    assert out.read_text(encoding="ascii") == "something"


def check_letter(scene):
    """A card that has no place for the hash of the content key: the registration letter has it."""
    card = scenes.Card(scene, "letter")
    card.enrol(name="letter", with_hash=False)
    office = scene.installation("letter-office")
    file = scene.folder / "letter.sig"
    assert "registration letter" in card.activate(file, "--client-code", office.code, status=3)
    digits = (card.folder / "hash").read_bytes().hex()
    assert "64 hexadecimal digits" in card.activate(file, "--client-code", office.code, "--content-key-hash", digits[2:], status=12)
    wrong = "0" * 64
    assert not file.exists() and card.activate(file, "--client-code", office.code, "--content-key-hash", wrong, status=1)
    spelled = " ".join(digits[i:i + 8].upper() for i in range(0, 64, 8))
    card.activate(file, "--client-code", office.code, "--content-key-hash", spelled)
    office.import_file(file)
    # A card that has one has the last word.
    other = scenes.Card(scene, "letter2")
    other.enrol(name="letter2")
    assert "that of this card" in other.activate(scene.folder / "letter2.sig", "--client-code", office.code, "--content-key-hash", wrong, status=11)


def main():
    with scenes.Scene() as scene:
        check_story(scene)
        check_refusals(scene)
        check_other_customer(scene)
        check_passphrase(scene)
        check_cards(scene)
        check_letter(scene)
    print("good")


if __name__ == "__main__":
    main()
