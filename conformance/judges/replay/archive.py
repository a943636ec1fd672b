"""An archive's machine: sealed documents, `signet` at simulated moments (faketime), and the verdicts of `signet verify` and EU DSS,
which get the same: the documents, the roots, and what the authorities publish at that moment. Works in the current folder.

Environment: SIGNET_TEST_COMMAND, the built command.
"""
import json
import os
import pathlib
import subprocess

import cades
import judges
import pki
from authorities import HOUR

SIGNET = os.environ["SIGNET_TEST_COMMAND"]
PIN = "12345678"
TIMEOUT = 120  # s, for one command


class Archive:
    """With all of these authorities' roots trusted."""

    def __init__(self, authorities, bench):
        self.authorities, self.bench = authorities, bench
        self.commands = self.verdicts = 0
        pathlib.Path("trust").mkdir()
        for name in authorities.world.anchors():
            pathlib.Path("trust", f"{name}.pem").write_bytes(authorities.pem(name))
        self.environment = os.environ | {"TZ": "UTC", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "SIGNET_CONFIG": os.path.abspath("signet.toml")}

    def make_token(self, name, label, since):
        """A SoftHSM token with this certificate and its key, put there at the moment `since`."""
        world = self.authorities.world
        pathlib.Path("tokens").mkdir()
        pathlib.Path("softhsm2.conf").write_text(f"directories.tokendir = {os.getcwd()}/tokens\nlog.level = ERROR\n", encoding="utf-8")
        self.environment |= {"SOFTHSM2_CONF": os.path.abspath("softhsm2.conf"), "SIGNET_MODULE": cades.MODULE, "SIGNET_PIN": PIN}
        pathlib.Path("key.pem").write_bytes(pki.pem_of(world.certificate(name).key))
        token = ["softhsm2-util", "--token", label, "--pin", PIN]
        for command in ([*token[:1], "--init-token", "--free", "--label", label, "--so-pin", PIN, "--pin", PIN],
                        [*token, "--import", "key.pem", "--label", name, "--id", "01"]):
            subprocess.run(command, env=self.environment, stdout=subprocess.DEVNULL, check=True)
        pathlib.Path("issuers.pem").write_bytes(self.authorities.pem(*world.chain(name)[1:]))
        pathlib.Path("own.pem").write_bytes(self.authorities.pem(name))
        self.configure()
        self.signet(since, "cert", "import", "own.pem", "--roots", "issuers.pem")

    def configure(self, *units):
        """The configuration: these time-stamp units are asked, in this order."""
        here, world = os.getcwd(), self.authorities.world
        text = (f'[preserve]\nregister = "{here}/register.db"\ntrust = ["{here}/trust"]\nonline = true\n'
                'online_hosts = ["127.0.0.1"]\n')
        for unit in units:
            text += (f'\n[[seal.tsa]]\nurl = "{self.authorities.address}/tsa/{unit}"\n'
                     f'ca_file = "{here}/trust/{world.chain(unit)[-1]}.pem"\n')
        pathlib.Path("signet.toml").write_text(text, encoding="utf-8")

    def signet(self, moment, *words, status=0):
        """What the command prints when it is run at that moment, and its complaints."""
        self.authorities.now = moment
        command = ["faketime", "-f", moment.strftime("@%Y-%m-%d %H:%M:%S"), SIGNET, *map(str, words)]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=TIMEOUT, check=False)
        self.commands += 1
        if done.returncode != status:
            raise judges.Failure(f"{pki.text(moment)}: status {done.returncode}, not {status}: signet {' '.join(map(str, words))}\n"
                                 f"{done.stdout}{done.stderr}")
        return done.stdout, done.stderr

    def json(self, moment, *words, status=0):
        """The object that it prints."""
        return json.loads(self.signet(moment, *words, "--json", status=status)[0])

    def evidence(self, moment):
        """(roots, CRLs, OCSP answers) in files, as of two hours ago."""
        folder = pathlib.Path("evidence", moment.strftime("%Y%m%d%H%M%S"))
        if not folder.exists():
            folder.mkdir(parents=True)
            for kind, values in zip(("crl", "ocsp"), self.authorities.known(moment - 2 * HOUR)):
                for number, der in enumerate(values):
                    (folder / f"{number}.{kind}").write_bytes(der)
        return [[os.path.abspath(file) for file in sorted(place.glob(pattern))]
                for place, pattern in ((pathlib.Path("trust"), "*"), (folder, "*.crl"), (folder, "*.ocsp"))]

    def verify(self, document, moment, *options):
        """The report of `signet verify`, offline."""
        trust, crls, ocsps = self.evidence(moment)
        data = detached(document)
        command = [SIGNET, "verify", document, "--at", pki.text(moment), "--json", *options, *(["--data", data] if data else [])]
        for option, files in ("--trust", trust), ("--crl", crls), ("--ocsp", ocsps):
            command += [word for file in files for word in (option, file)]
        done = subprocess.run(command, env=os.environ | {"SIGNET_CONFIG": ""}, capture_output=True, text=True, timeout=TIMEOUT,
                              check=False)
        if done.returncode not in (0, 40, 41):
            raise judges.Failure(f"{document}: {done.stdout}{done.stderr}")
        return json.loads(done.stdout)

    def dss(self, document, moment, suite=""):
        """The answer of EU DSS, by its default policy, about the document's one signature."""
        trust, crls, ocsps = self.evidence(moment)
        data = detached(document)
        answer = self.bench.judge("dss", signature=os.path.abspath(document), detached=data and os.path.abspath(data), trusted=trust,
                                  crls=crls, ocsps=ocsps, time=pki.text(moment), suite=suite)
        if len(answer["signatures"]) != 1:
            raise judges.Failure(f"DSS finds {len(answer['signatures'])} signatures in {document}")
        return answer["signatures"][0]

    def judged(self, document, moment, verdict, level, best=None, until=None):
        """Both say so: "INDETERMINATE/EXPIRED", "B-LTA", the best signature time; and ours, until when it can be verified."""
        report = self.verify(document, moment)
        ours = report["signatures"][0]
        theirs = self.dss(document, moment)
        form = "CAdES" if detached(document) else "PAdES"
        found = {"signet": (verdict_of(ours), ours["level"]),
                 "DSS": (verdict_of(theirs), theirs["level"].replace(f"{form}-BASELINE-", "B-"))}
        times = {"signet": ours["bestSignatureTime"], "DSS": theirs["bestTime"]} if best else {}
        wrong = {judge: said for judge, said in found.items() if said != (verdict, level)}
        wrong |= {f"{judge}'s time": said for judge, said in times.items() if said != pki.text(best)}
        if until and ours["verifiableUntil"] != pki.text(until):
            wrong["until"] = ours["verifiableUntil"]
        if wrong:
            raise judges.Failure(f"{document} at {pki.text(moment)}: {wrong}, not {verdict} {level} {best} {until}; signet says "
                                 f"{ours['errors']}, DSS {theirs['errors']}")
        self.verdicts += 2
        return ours


def verdict_of(said):
    """Of a judge's signature or time-stamp, in one word."""
    return "/".join(filter(None, [said["indication"].replace("TOTAL_", "TOTAL-"), said["subIndication"]]))


def detached(document):
    """What an external seal is over."""
    return str(document).removesuffix(".p7s") if str(document).endswith(".p7s") else None
