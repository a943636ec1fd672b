"""Who seals PDF documents in bench/sealing, beside those in seal_contenders.py: OpenPDF, JSignPdf and pdfsig."""

from appliance import SIGNET
from seal_contenders import LABEL, CommandFailed, Contender, TabWorker, compiled, installed, pinned, run


class OpenPdf(Contender):
    name = "OpenPDF"

    def __init__(self, place):
        super().__init__(place)
        jars = installed("openpdf") / "jars/*"
        self.program = ["java", "-Djava.awt.headless=true", "-cp", compiled(place, "OpenPdfSealer", jars), "OpenPdfSealer"]

    def version(self):
        return f"{pinned('openpdf', 'openpdf')} with Bouncy Castle {pinned('openpdf', 'bcpkix-jdk18on')}"

    def worker(self):
        return TabWorker(self.program, self.environment)


class JSignPdf(Contender):
    """Its command, and a short program with its classes for many documents."""

    name = "JSignPdf"
    MODULES = ["--add-exports", "jdk.crypto.cryptoki/sun.security.pkcs11=ALL-UNNAMED",
               "--add-exports", "jdk.crypto.cryptoki/sun.security.pkcs11.wrapper=ALL-UNNAMED",
               "--add-exports", "java.base/sun.security.action=ALL-UNNAMED",
               "--add-exports", "java.base/sun.security.rsa=ALL-UNNAMED",
               "--add-opens", "java.base/java.security=ALL-UNNAMED",
               "--add-opens", "java.base/sun.security.util=ALL-UNNAMED"]

    def __init__(self, place):
        super().__init__(place)
        jar = next((installed("jsignpdf") / "node_modules/jsignpdf/lib").glob("*/JSignPdf.jar"))
        self.release = jar.parent.name.removeprefix("jsignpdf-")
        home = place.folder / "jsignpdf"
        (home / "conf").mkdir(parents=True)
        (home / ".JSignPdf").touch()
        provider = home / "signet.cfg"
        provider.write_text(f"name = signet\nlibrary = {SIGNET}\nslotListIndex = 0\n")
        (home / "conf/conf.properties").write_text(f"pkcs11config.path={provider}\n")
        # Its command takes the PIN as an argument only; java reads arguments from a file, too.
        arguments = home / "arguments"
        arguments.touch(mode=0o600)
        arguments.write_text(f'-jar "{jar}" -ksp {place.environment["PIN"]}\n')
        self.environment = {**place.environment, "JSIGNPDF_PKCS11": str(provider)}
        java = ["java", f"-Duser.home={home}", f"-Djsignpdf.home={home}", "-Djava.awt.headless=true", *self.MODULES]
        self.program = [*java, f"@{arguments}", "-kst", "PKCS11", "-ka", LABEL, "-ha", "SHA256", "--append", "-os", ".signed"]
        self.worker_program = [*java, "-cp", compiled(place, "JSignPdfSealer", jar), "JSignPdfSealer"]

    def version(self):
        return self.release

    def command(self, form, document, output):
        assert form == "pades"
        return [*self.program, "-d", output.parent, document]

    def measured(self, form, document, output):
        """It names its output itself."""
        made = output.parent / f"{document.stem}.signed{document.suffix}"
        try:
            measured = super().measured(form, document, output)
            if not made.exists():  # its status does not always say so
                raise CommandFailed(["JSignPdf"], f"no seal of {document}")
            made.rename(output)
            return measured
        finally:
            made.unlink(missing_ok=True)

    def worker(self):
        return TabWorker(self.worker_program, self.environment)


class PdfSig(Contender):
    """With an RSA key: of its ECDSA seals every second one is broken."""

    name = "pdfsig"
    label = "RSA-3072"

    def __init__(self, place):
        super().__init__(place)
        place.certify(self.label)
        self.database = place.folder / "nss-pdfsig"
        self.database.mkdir()
        sql = f"sql:{self.database}"
        run("certutil", "-N", "-d", sql, "--empty-password")
        run("certutil", "-A", "-d", sql, "-n", "root", "-t", "C,C,C", "-i", place.folder / "ca/root.pem")
        run("certutil", "-A", "-d", sql, "-n", "issuing", "-t", ",,", "-i", place.chain)
        run("modutil", "-dbdir", sql, "-add", "signet", "-libfile", SIGNET, "-force", environment=place.environment)

    @staticmethod
    def version():
        return run("dpkg-query", "-W", "-f", "${Version}", "poppler-utils").split("-")[0]

    def command(self, form, document, output):
        assert form == "pades"
        return ["pdfsig", "-nssdir", f"sql:{self.database}", "-nss-pwd", self.place.environment["PIN"], "-add-signature", "-nick",
                f"seal:{self.label}", document, output]
