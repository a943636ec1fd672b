import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import signet.seal.Alignment;
import signet.seal.Arrangement;
import signet.seal.Authority;
import signet.seal.Certify;
import signet.seal.Context;
import signet.seal.Corner;
import signet.seal.ExtendOptions;
import signet.seal.Format;
import signet.seal.Hash;
import signet.seal.Input;
import signet.seal.KeySettings;
import signet.seal.Language;
import signet.seal.Level;
import signet.seal.Output;
import signet.seal.Packaging;
import signet.seal.Padding;
import signet.seal.PreparedSeal;
import signet.seal.ReportForm;
import signet.seal.ReportOptions;
import signet.seal.SealEncoding;
import signet.seal.SealException;
import signet.seal.SealKey;
import signet.seal.SealOptions;
import signet.seal.SealResult;
import signet.seal.Signer;
import signet.seal.Sliding;
import signet.seal.Status;
import signet.seal.TimeStamper;
import signet.seal.Verification;
import signet.seal.VerifyOptions;
import signet.seal.VisibleSeal;
import signet.seal.WithoutTimeStamp;

/** Calls that the other programs do not make: MODULE KEY LETTER TSA CA_FILE IMAGE FONT P12 (password "x") CRL. */
final class Calls {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Context context = new Context();
  private final SealKey key;
  private final Path letter;
  private final String tsa;
  private final Path authority;
  private final Path image;
  private final Path font;
  private final Path p12;
  private final Path crl;

  private Calls(String[] words) {
    key = Common.openKey(context, words[0], words[1]);
    letter = Path.of(words[2]);
    tsa = words[3];
    authority = Path.of(words[4]);
    image = Path.of(words[5]);
    font = Path.of(words[6]);
    p12 = Path.of(words[7]);
    crl = Path.of(words[8]);
  }

  private void settings() throws Exception {
    final byte[] certificate = key.certificate();
    new KeySettings(context, "pkcs11:token=seal").certificate(certificate).addIssuer(certificate).signingPin("1234".toCharArray())
        .signingPinCallback(label -> null).close();
    final Authority asked = new Authority(context, "https://tsa.example/tsr").name("TSA").policy("1.3.6.1.4.1.32473.1").caFile(authority);
    asked.basic("user", "password".toCharArray()).clientCertificate(authority, authority).tlsCaFile(authority);
    asked.addPin("sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").limit(LIMIT).largestDistance(LIMIT).close();
    Checks.refused(Status.ARGUMENT, () -> new Authority(context, "ftp://x"));
    Checks.refused(Status.ARGUMENT, () -> new Authority(context, tsa).limit(Duration.ZERO));
    try (ExtendOptions extend = new ExtendOptions(context)) {
      extend.level(Level.B_LT).hash(Hash.SHA512).timeStampLimit(LIMIT).waitFresh(LIMIT).forceInvalid(true);
      Checks.refused(Status.ARGUMENT, () -> extend.level(Level.B_B));
    }
  }

  private SealOptions everyCades() {
    return new SealOptions(context).format(Format.CADES).packaging(Packaging.INTERNAL).encoding(SealEncoding.BER).level(Level.B_B)
        .withoutTimeStamp(WithoutTimeStamp.DEGRADE).timeStampLimit(LIMIT).hash(Hash.SHA384).padding(Padding.PKCS1)
        .commitment("1.2.840.113549.1.9.16.6.1").policy("1.3.6.1.4.1.32473.2", Hash.SHA256, new byte[32], "https://policy.example/")
        .location("CZ", null).mediaType("application/pdf").fileName("letter.pdf").reference("order 4711").suite("119312-1.5.1");
  }

  private SealOptions everyPades(VisibleSeal visible) throws Exception {
    visible.page(-1).position(Corner.TOP_RIGHT, 20, 30, 220, 90).text("{signer}\nŽluťoučký kůň").fontFile(font).font(Files.readAllBytes(font));
    visible.imageFile(image).image(Files.readAllBytes(image)).backgroundFile(image).background(Files.readAllBytes(image)).textSize(5, 11);
    visible.alignment(Alignment.MIDDLE, Alignment.END).arrangement(Arrangement.ABOVE_TEXT).margin(3).textColor(0x102030).backgroundColor(0xFFFFEE);
    return new SealOptions(context).format(Format.PADES).pdfCertify(Certify.FORMS).pdfReason("Schváleno 🖋").pdfLocation("Praha")
        .pdfContact("nikdo@example.org").pdfPassword(new char[0]).pdfIgnoreXfa(false).pdfRepairOk(true).pdfTimeStampRoom(20_000).level(Level.B_B)
        .visible(visible);
  }

  private byte[] seal(byte[] document, SealOptions options) {
    try (Input input = Input.memory(context, document);
        Output output = Output.memory(context)) {
      final SealResult result = key.seal(input, output, options);
      Checks.same(Level.B_B, result.level(), "the level");
      Checks.check(!result.isDegraded() && result.whyDegraded().isEmpty() && result.stampedAt().isEmpty() && result.authority().isEmpty(), "a time-stamp");
      Checks.check(Duration.between(result.signedAt().get(), Instant.now()).abs().toHours() < 24, "the time of signing");
      Checks.check(result.digest().length == result.signatureDigest().length && result.signatureCount() == 1, "digests");
      Checks.check(result.warnings().size() + result.remarks().size() >= 0, "lists");
      return output.bytes();
    }
  }

  private void documents() throws Exception {
    final byte[] document = Files.readAllBytes(letter);
    try (TimeStamper stamper = Common.stamper(context, tsa, authority.toString());
        SealOptions cades = everyCades();
        VisibleSeal visible = new VisibleSeal(context);
        SealOptions pades = everyPades(visible)) {
      final byte[] message = seal(document, cades);
      final byte[] pdf = seal(document, pades);
      try (Input input = Input.memory(context, seal(document, null));
          Output output = Output.memory(context)) {
        Checks.same(1L, stamper.addTimeStamps(input, output, LIMIT), "time-stamps");
        Checks.check(output.bytes().length > message.length - document.length, "nothing was written");
      }
      Checks.check(message.length > document.length, "the message lacks the document");
      verified(pdf, document);
      try (SealOptions absent = new SealOptions(context).format(Format.PADES).pdfField("Úřad")) {
        final SealException none = Checks.refused(Status.FORBIDDEN, () -> seal(document, absent));
        Checks.check(none.getMessage().contains("Úřad"), none.getMessage());
      }
      pades.level(Level.B_T).withoutTimeStamp(WithoutTimeStamp.DEGRADE).timeStampLimit(Duration.ofMillis(500));
      laterStamp(document, pades, stamper);
    }
  }

  /** A seal that is degraded, since nobody answers there, gets its time-stamp later. */
  private void laterStamp(byte[] document, SealOptions options, TimeStamper stamper) {
    try (TimeStamper nobody = Common.stamper(context, "http://127.0.0.1:1/tsa", null);
        Input input = Input.memory(context, document);
        Output degraded = Output.memory(context);
        Output stamped = Output.memory(context)) {
      final SealResult result = key.seal(input, degraded, options, nobody, null);
      Checks.check(result.isDegraded() && !result.whyDegraded().isEmpty() && result.field().equals("SignetSeal1"), "it is not degraded");
      try (Input later = Input.memory(context, degraded.bytes())) {
        Checks.check(stamper.addPdfTimeStamp(later, null, stamped, LIMIT), "no time-stamp");
      }
      try (Input again = Input.memory(context, stamped.bytes());
          Output nothing = Output.memory(context)) {
        Checks.check(!stamper.addPdfTimeStamp(again, new char[0], nothing, LIMIT), "two time-stamps");
        Checks.same(0, nothing.bytes().length, "what was written");
      }
    }
  }

  private VerifyOptions everyRule() throws Exception {
    final byte[] certificates = Files.readAllBytes(authority);
    final VerifyOptions options = new VerifyOptions(context);
    Checks.check(!options.notes().isEmpty(), "nobody is told that nobody is trusted");
    options.addTrusted(certificates).addTrusted(certificates, Instant.parse("2090-01-01T00:00:00Z")).addTrustedFile(authority, null)
        .addCertificates(certificates).addCertificatesFile(authority).addCrlFile(crl).addCrl(Files.readAllBytes(crl)).time(Instant.now().plusSeconds(60))
        .suite("119312-2.1.1").freshness(Duration.ofDays(365)).sliding(Sliding.NEXT_UPDATE).withoutRevocation(true)
        .addSignaturePolicy("1.3.6.1.4.1.32473.2", new byte[] {1}).online(false).onlineLimits(Duration.ofSeconds(5), LIMIT, 1 << 20)
        .addOnlineHost("127.0.0.1").onlineCache(letter.toAbsolutePath().getParent()).password("x".toCharArray()).revision(0);
    Checks.refused(Status.ARGUMENT, () -> options.addOcsp(new byte[] {1}));
    Checks.refused(Status.ARGUMENT, () -> options.addOcspFile(letter));
    Checks.refused(Status.ARGUMENT, () -> options.trustedLists(Path.of("/nowhere"), authority));
    return options;
  }

  private void verified(byte[] pdf, byte[] document) throws Exception {
    try (VerifyOptions options = everyRule();
        Input input = Input.memory(context, pdf);
        Verification found = options.verify(input, null, null);
        ReportOptions how = new ReportOptions(context).language(Language.CZECH).fileName("dopis.pdf").otherReaders(true).picture(Files.readAllBytes(image))) {
      Checks.same("TOTAL_PASSED", found.indication().name(), found.subIndication());
      Checks.check(found.format().equals("PAdES") && found.pageCount() > 0 && found.time().isPresent() && !found.suite().isEmpty(), "what was verified");
      Checks.check(found.fetches().isEmpty() && found.remarks(Language.ENGLISH).size() >= 0 && found.timeStamps().isEmpty(), "what was fetched");
      final var signature = found.signatures().get(0);
      Checks.same("SignetSeal1", signature.name(), "the field");
      Checks.check(signature.coversAll() && signature.revision() == signature.revisionCount(), "the revision");
      Checks.check(!signature.algorithms().isEmpty() && signature.id().length() == 64 && signature.qualification().isEmpty(), "the algorithms");
      final var signer = signature.chain().get(0);
      Checks.check(signer.notBefore().get().isBefore(signer.notAfter().get()) && !signer.serial().isEmpty(), "the signer's certificate");
      Checks.check(signer.subject().contains("Úřad") && signer.issuer().contains("Signet"), signer.subject() + ", " + signer.issuer());
      for (ReportForm form : ReportForm.values()) {
        try (Output report = Output.memory(context)) {
          found.report(form, how, report);
          Checks.check(report.bytes().length > 100, "a report without words");
        }
      }
      try (Output first = Output.memory(context)) {
        options.extractRevision(input, 1, first);
        Checks.check(first.bytes().length >= document.length && first.bytes().length <= pdf.length, "the first revision");
        Checks.refused(Status.SETTINGS, () -> options.extractRevision(input, 100, first));
      }
    }
  }

  private void twoSteps() throws Exception {
    final KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream stream = Files.newInputStream(p12)) {
      store.load(stream, "x".toCharArray());
    }
    final String alias = store.aliases().nextElement();
    final byte[] document = Files.readAllBytes(letter);
    for (Format format : Format.values()) {
      try (Signer signer = new Signer(context, store.getCertificate(alias).getEncoded()).addIssuer(store.getCertificate(alias).getEncoded());
          SealOptions options = new SealOptions(context).format(format).level(Level.B_B);
          Input first = Input.memory(context, document);
          Input second = Input.memory(context, document);
          Output output = Output.memory(context)) {
        final PreparedSeal prepared = signer.prepare(options, first, null);
        Checks.check(prepared.hash() == Hash.SHA256 && prepared.digest().length == 32 && prepared.remarks().isEmpty(), "what was prepared");
        final Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign((PrivateKey) store.getKey(alias, "x".toCharArray()));
        signature.update(prepared.attributes());
        final byte[] value = signature.sign();
        Checks.refused(Status.SIGNATURE, () -> PreparedSeal.finish(context, prepared.state(), new byte[value.length], second, output, null, null, null));
        try (Output whole = Output.memory(context)) {
          Checks.same(Level.B_B, PreparedSeal.finish(context, prepared.state(), value, second, whole, null, null, null).level(), "the level");
          Checks.check(whole.bytes().length > document.length, "nothing was written");
        }
      }
    }
  }

  public static void main(String[] words) throws Exception {
    final Calls calls = new Calls(words);
    calls.settings();
    calls.documents();
    calls.twoSteps();
    System.out.println(Checks.count() + " checks");
  }
}
