using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Signet.Seal;

// Calls that the other programs do not make: MODULE KEY LETTER TSA CA_FILE IMAGE FONT P12 (password "x") CRL.
internal sealed class Calls {
  private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

  private readonly Context context = new Context();
  private readonly SealKey key;
  private readonly string letter, tsa, authority, image, font, p12, crl;

  private Calls(string[] words) {
    key = Common.OpenKey(context, words[0], words[1]);
    letter = words[2];
    tsa = words[3];
    authority = words[4];
    image = words[5];
    font = words[6];
    p12 = words[7];
    crl = words[8];
  }

  private void Settings() {
    byte[] certificate = key.Certificate();
    new KeySettings(context, "pkcs11:token=seal") { Certificate = certificate, SigningPin = "1234".ToCharArray(),
                                                    SigningPinCallback = label => null }.AddIssuer(certificate).Dispose();
    var asked = new Authority(context, "https://tsa.example/tsr") {
      Name = "TSA", Policy = "1.3.6.1.4.1.32473.1", CaFile = authority, TlsCaFile = authority, Limit = Limit, LargestDistance = Limit };
    asked.SetBasic("user", "password".ToCharArray()).SetClientCertificate(authority, authority);
    asked.AddPin("sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").Dispose();
    Checks.Refused(Status.Argument, () => new Authority(context, "ftp://x"));
    Checks.Refused(Status.Argument, () => new Authority(context, tsa) { Limit = TimeSpan.Zero });
    using (var extend = new ExtendOptions(context) { Level = Level.BLt, Hash = Hash.Sha512, TimeStampLimit = Limit, WaitFresh = Limit,
                                                     ForceInvalid = true }) {
      Checks.Refused(Status.Argument, () => extend.Level = Level.BB);
    }
  }

  private SealOptions EveryCades() =>
      new SealOptions(context) {
        Format = Format.Cades, Packaging = Packaging.Internal, Encoding = SealEncoding.Ber, Level = Level.BB,
        WithoutTimeStamp = WithoutTimeStamp.Degrade, TimeStampLimit = Limit, Hash = Hash.Sha384, Padding = Padding.Pkcs1,
        Commitment = "1.2.840.113549.1.9.16.6.1", MediaType = "application/pdf", FileName = "letter.pdf", Reference = "order 4711",
        Suite = "119312-1.5.1"
      }.SetPolicy("1.3.6.1.4.1.32473.2", Hash.Sha256, new byte[32], "https://policy.example/").SetLocation("CZ", null);

  private SealOptions EveryPades(VisibleSeal visible) {
    visible.Page = -1;
    visible.SetPosition(Corner.TopRight, 20, 30, 220, 90).SetTextSize(5, 11).SetAlignment(Alignment.Middle, Alignment.End);
    visible.Text = "{signer}\nŽluťoučký kůň";
    visible.FontFile = font;
    visible.Font = File.ReadAllBytes(font);
    visible.ImageFile = image;
    visible.Image = File.ReadAllBytes(image);
    visible.BackgroundFile = image;
    visible.Background = File.ReadAllBytes(image);
    visible.Arrangement = Arrangement.AboveText;
    visible.Margin = 3;
    visible.TextColor = 0x102030;
    visible.BackgroundColor = 0xFFFFEE;
    return new SealOptions(context) {
      Format = Format.Pades, PdfCertify = Certify.Forms, PdfReason = "Schváleno 🖋", PdfLocation = "Praha",
      PdfContact = "nikdo@example.org", PdfPassword = new char[0], PdfIgnoreXfa = false, PdfRepairOk = true, PdfTimeStampRoom = 20000,
      Level = Level.BB, Visible = visible };
  }

  private byte[] Seal(byte[] document, SealOptions options) {
    using (Input input = Input.FromMemory(context, document))
    using (Output output = Output.ToMemory(context)) {
      SealResult result = key.Seal(input, output, options);
      Checks.Same(Level.BB, result.Level, "the level");
      Checks.Check(!result.IsDegraded && result.WhyDegraded == "" && result.StampedAt == null && result.Authority == "", "a time-stamp");
      Checks.Check((DateTimeOffset.UtcNow - result.SignedAt.Value).Duration() < TimeSpan.FromDays(1), "the time of signing");
      Checks.Check(result.Digest().Length == result.SignatureDigest().Length && result.SignatureCount == 1, "digests");
      Checks.Check(result.Warnings != null && result.Remarks != null, "lists");
      return output.Bytes();
    }
  }

  private void Documents() {
    byte[] document = File.ReadAllBytes(letter);
    using (TimeStamper stamper = Common.Stamper(context, tsa, authority))
    using (SealOptions cades = EveryCades())
    using (var visible = new VisibleSeal(context))
    using (SealOptions pades = EveryPades(visible)) {
      byte[] message = Seal(document, cades), pdf = Seal(document, pades);
      using (Input input = Input.FromMemory(context, Seal(document, null)))
      using (Output output = Output.ToMemory(context)) {
        Checks.Same(1L, stamper.AddTimeStamps(input, output, Limit), "time-stamps");
        Checks.Check(output.Bytes().Length > message.Length - document.Length, "nothing was written");
      }
      Checks.Check(message.Length > document.Length, "the message lacks the document");
      IsVerified(pdf, document);
      using (var absent = new SealOptions(context) { Format = Format.Pades, PdfField = "Úřad" }) {
        SealException none = Checks.Refused(Status.Forbidden, () => Seal(document, absent));
        Checks.Check(none.Message.Contains("Úřad"), none.Message);
      }
      pades.Level = Level.BT;
      pades.WithoutTimeStamp = WithoutTimeStamp.Degrade;
      pades.TimeStampLimit = TimeSpan.FromMilliseconds(500);
      StampLater(document, pades, stamper);
    }
  }

  // A seal that is degraded, since nobody answers there, gets its time-stamp later.
  private void StampLater(byte[] document, SealOptions options, TimeStamper stamper) {
    using (TimeStamper nobody = Common.Stamper(context, "http://127.0.0.1:1/tsa", null))
    using (Input input = Input.FromMemory(context, document))
    using (Output degraded = Output.ToMemory(context))
    using (Output stamped = Output.ToMemory(context)) {
      SealResult result = key.Seal(input, degraded, options, nobody);
      Checks.Check(result.IsDegraded && result.WhyDegraded != "" && result.Field == "SignetSeal1", "it is not degraded");
      using (Input later = Input.FromMemory(context, degraded.Bytes()))
        Checks.Check(stamper.AddPdfTimeStamp(later, null, stamped, Limit), "no time-stamp");
      using (Input again = Input.FromMemory(context, stamped.Bytes()))
      using (Output nothing = Output.ToMemory(context)) {
        Checks.Check(!stamper.AddPdfTimeStamp(again, new char[0], nothing, Limit), "two time-stamps");
        Checks.Same(0, nothing.Bytes().Length, "what was written");
      }
    }
  }

  private VerifyOptions EveryRule() {
    byte[] certificates = File.ReadAllBytes(authority);
    var options = new VerifyOptions(context);
    Checks.Check(options.Notes.Count > 0, "nobody is told that nobody is trusted");
    options.AddTrusted(certificates).AddTrusted(certificates, DateTimeOffset.Parse("2090-01-01T00:00:00Z")).AddTrustedFile(authority);
    options.AddCertificates(certificates).AddCertificatesFile(authority).AddCrlFile(crl).AddCrl(File.ReadAllBytes(crl));
    options.AddSignaturePolicy("1.3.6.1.4.1.32473.2", new byte[] { 1 }).AddOnlineHost("127.0.0.1");
    options.SetOnlineLimits(TimeSpan.FromSeconds(5), Limit, 1 << 20);
    options.Time = DateTimeOffset.UtcNow.AddMinutes(1);
    options.Suite = "119312-2.1.1";
    options.Freshness = TimeSpan.FromDays(365);
    options.Sliding = Sliding.NextUpdate;
    options.WithoutRevocation = true;
    options.Online = false;
    options.OnlineCache = Path.GetDirectoryName(Path.GetFullPath(letter));
    options.Password = "x".ToCharArray();
    options.Revision = 0;
    Checks.Refused(Status.Argument, () => options.AddOcsp(new byte[] { 1 }));
    Checks.Refused(Status.Argument, () => options.AddOcspFile(letter));
    Checks.Refused(Status.Argument, () => options.SetTrustedLists("/nowhere", authority));
    return options;
  }

  private void IsVerified(byte[] pdf, byte[] document) {
    using (VerifyOptions options = EveryRule())
    using (Input input = Input.FromMemory(context, pdf))
    using (Verification found = options.Verify(input))
    using (var how = new ReportOptions(context) { Language = Language.Czech, FileName = "dopis.pdf", OtherReaders = true,
                                                  Picture = File.ReadAllBytes(image) }) {
      Checks.Same(Indication.TotalPassed, found.Indication, found.SubIndication);
      Checks.Check(found.Format == "PAdES" && found.PageCount > 0 && found.Time != null && found.Suite != "", "what was verified");
      Checks.Check(found.Fetches.Count == 0 && found.Remarks(Language.English) != null && found.TimeStamps.Count == 0, "what was fetched");
      Verified signature = found.Signatures[0];
      Checks.Same("SignetSeal1", signature.Name, "the field");
      Checks.Check(signature.CoversAll && signature.Revision == signature.RevisionCount, "the revision");
      Checks.Check(signature.Algorithms.Count > 0 && signature.Id.Length == 64 && signature.Qualification == "", "the algorithms");
      ChainCertificate signer = signature.Chain[0];
      Checks.Check(signer.NotBefore < signer.NotAfter && signer.Serial != "", "the signer's certificate");
      Checks.Check(signer.Subject.Contains("Úřad") && signer.Issuer.Contains("Signet"), signer.Subject + ", " + signer.Issuer);
      foreach (ReportForm form in Enum.GetValues(typeof(ReportForm))) {
        using (Output report = Output.ToMemory(context)) {
          found.Report(form, report, how);
          Checks.Check(report.Bytes().Length > 100, "a report without words");
        }
      }
      using (Output first = Output.ToMemory(context)) {
        options.ExtractRevision(input, 1, first);
        Checks.Check(first.Bytes().Length >= document.Length && first.Bytes().Length <= pdf.Length, "the first revision");
        Checks.Refused(Status.Settings, () => options.ExtractRevision(input, 100, first));
      }
    }
  }

  private void TwoSteps() {
    var certificate = new X509Certificate2(p12, "x");
    byte[] document = File.ReadAllBytes(letter);
    foreach (Format format in Enum.GetValues(typeof(Format))) {
      using (var signer = new Signer(context, certificate.RawData))
      using (var options = new SealOptions(context) { Format = format, Level = Level.BB })
      using (Input first = Input.FromMemory(context, document))
      using (Input second = Input.FromMemory(context, document))
      using (Output output = Output.ToMemory(context))
      using (Output whole = Output.ToMemory(context)) {
        PreparedSeal prepared = signer.AddIssuer(certificate.RawData).Prepare(options, first);
        Checks.Check(prepared.Hash == Hash.Sha256 && prepared.Digest().Length == 32 && prepared.Remarks.Count == 0, "what was prepared");
        byte[] value = ((RSACryptoServiceProvider)certificate.PrivateKey).SignData(prepared.Attributes(), "SHA256");
        Checks.Refused(Status.Signature,
                       () => PreparedSeal.Finish(context, prepared.State(), new byte[value.Length], second, output));
        SealResult result = PreparedSeal.Finish(context, prepared.State(), value, second, whole);
        Checks.Same(Level.BB, result.Level, "the level");
        Checks.Check(result.Certificate().SequenceEqual(certificate.RawData), "another signer");
        Checks.Check(whole.Bytes().Length > document.Length, "nothing was written");
      }
    }
  }

  private static void Main(string[] words) {
    var calls = new Calls(words);
    calls.Settings();
    calls.Documents();
    calls.TwoSteps();
    Console.WriteLine(Checks.Count + " checks");
  }
}
