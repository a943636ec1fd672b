using System;
using System.Collections.Generic;

namespace Signet.Seal {
  /// <summary>Whom to trust, and by which rules a document is verified. Nobody is trusted by default, and nothing is
  /// fetched. Many threads may verify by the same options, and nobody else may use them while they are changed.
  /// Certificates are one in DER, any number in PEM, or those of a PKCS#7 message; a path names such a file, or a
  /// folder with files *.pem, *.crt, *.cer and *.der.</summary>
  public sealed class VerifyOptions : NativeObject {
    /// <summary>Without a setting.</summary>
    /// <param name="context">Of the library.</param>
    public VerifyOptions(Context context) : base(Call.In(context, Native.VerifyOptionsNew), Native.VerifyOptionsFree) {}

    /// <summary>Certificates at which chains may end.</summary>
    /// <param name="certificates">Trusted ones.</param>
    /// <param name="until">From that second on they are not; null: never.</param>
    /// <returns>These options.</returns>
    public VerifyOptions AddTrusted(byte[] certificates, DateTimeOffset? until = null) {
      Change(options => Native.VerifyOptionsAddTrusted(options, certificates, until?.ToUnixTimeSeconds() ?? Values.NoTime));
      return this;
    }

    /// <summary>Certificates at which chains may end.</summary>
    /// <param name="path">Of trusted ones.</param>
    /// <param name="until">From that second on they are not; null: never.</param>
    /// <returns>These options.</returns>
    public VerifyOptions AddTrustedFile(string path, DateTimeOffset? until = null) {
      Change(options => Native.VerifyOptionsAddTrustedFile(options, path, until?.ToUnixTimeSeconds() ?? Values.NoTime));
      return this;
    }

    /// <summary>Certificates that are not trusted by themselves and may stand in a chain.</summary>
    /// <param name="certificates">At most 4 MiB.</param>
    /// <returns>These options.</returns>
    public VerifyOptions AddCertificates(byte[] certificates) {
      Change(options => Native.VerifyOptionsAddCertificates(options, certificates));
      return this;
    }

    /// <summary>Certificates that are not trusted by themselves and may stand in a chain.</summary>
    /// <param name="path">Of a file or folder.</param>
    /// <returns>These options.</returns>
    public VerifyOptions AddCertificatesFile(string path) {
      Change(options => Native.VerifyOptionsAddCertificatesFile(options, path));
      return this;
    }

    /// <summary>A CRL (RFC 5280) beside the document's own revocation data.</summary>
    /// <param name="crl">In DER or PEM, at most 64 MiB.</param>
    /// <returns>These options.</returns>
    public VerifyOptions AddCrl(byte[] crl) {
      Change(options => Native.VerifyOptionsAddCrl(options, crl));
      return this;
    }

    /// <summary>A CRL (RFC 5280) beside the document's own revocation data.</summary>
    /// <param name="path">In DER or PEM, at most 64 MiB.</param>
    /// <returns>These options.</returns>
    public VerifyOptions AddCrlFile(string path) {
      Change(options => Native.VerifyOptionsAddCrlFile(options, path));
      return this;
    }

    /// <summary>An OCSP answer (RFC 6960) beside the document's own revocation data.</summary>
    /// <param name="answer">In DER or PEM, at most 64 MiB.</param>
    /// <returns>These options.</returns>
    public VerifyOptions AddOcsp(byte[] answer) {
      Change(options => Native.VerifyOptionsAddOcsp(options, answer));
      return this;
    }

    /// <summary>An OCSP answer (RFC 6960) beside the document's own revocation data.</summary>
    /// <param name="path">In DER or PEM, at most 64 MiB.</param>
    /// <returns>These options.</returns>
    public VerifyOptions AddOcspFile(string path) {
      Change(options => Native.VerifyOptionsAddOcspFile(options, path));
      return this;
    }

    /// <summary>The moment of the verdict; proofs that are later count for nothing. Else the clock at each
    /// verification.</summary>
    /// <value>To the second.</value>
    public DateTimeOffset Time {
      set {
        Change(options => Native.VerifyOptionsSetTime(options, value.ToUnixTimeSeconds()));
      }
    }

    /// <summary>What algorithms are measured by; else "119312-1.5.1", and what only "119312-2.1.1" lists gives a
    /// warning.</summary>
    /// <value>As of SealOptions.</value>
    public string Suite {
      set {
        Change(options => Native.VerifyOptionsSetSuite(options, value));
      }
    }

    /// <summary>How old the signer's revocation data may be; else what the data says.</summary>
    /// <value>At most 10 years.</value>
    public TimeSpan Freshness {
      set {
        Change(options => Native.VerifyOptionsSetFreshness(options, Values.Seconds(value)));
      }
    }

    /// <summary>How revocation data that is not fresh moves the control time (EN 319 102-1, 5.6.2.2); else to its
    /// nextUpdate.</summary>
    /// <value>To nextUpdate, or to thisUpdate.</value>
    public Sliding Sliding {
      set {
        Change(options => Native.VerifyOptionsSetSliding(options, (int)value));
      }
    }

    /// <summary>A chain for which there is no revocation data, for authorities that publish none; else it does not
    /// pass.</summary>
    /// <value>True: it passes, with a warning.</value>
    public bool WithoutRevocation {
      set {
        Change(options => Native.VerifyOptionsSetWithoutRevocation(options, value ? 1 : 0));
      }
    }

    /// <summary>A signature policy that is accepted (EN 319 102-1, 5.2.4). A signature under any other one is
    /// INDETERMINATE.</summary>
    /// <param name="oid">Of the policy.</param>
    /// <param name="document">Whose digest is compared with the signature's.</param>
    /// <returns>These options.</returns>
    public VerifyOptions AddSignaturePolicy(string oid, byte[] document) {
      Change(options => Native.VerifyOptionsAddSignaturePolicy(options, oid, document));
      return this;
    }

    /// <summary>Trusted lists (TS 119 612), read and judged now: their services become trusted, and signatures have a
    /// qualification.</summary>
    /// <param name="folder">With the European list of trusted lists and national lists.</param>
    /// <param name="journal">Certificates that may sign the former, as a path.</param>
    /// <returns>These options.</returns>
    public VerifyOptions SetTrustedLists(string folder, string journal) {
      Change(options => Native.VerifyOptionsSetTrustedLists(options, folder, journal));
      return this;
    }

    /// <summary>Whether certificates and revocation data that the document lacks are fetched from where its
    /// certificates say; else not.</summary>
    /// <value>True: it is fetched.</value>
    public bool Online {
      set {
        Change(options => Native.VerifyOptionsSetOnline(options, value ? 1 : 0));
      }
    }

    /// <summary>Of what is fetched; else 10 seconds, 60 seconds and 64 MiB.</summary>
    /// <param name="each">For one answer, 1 second to 1 hour.</param>
    /// <param name="all">For all answers.</param>
    /// <param name="largestAnswer">In bytes, at most 1 GiB.</param>
    /// <returns>These options.</returns>
    public VerifyOptions SetOnlineLimits(TimeSpan each, TimeSpan all, long largestAnswer) {
      Change(options => Native.VerifyOptionsSetOnlineLimits(options, Values.Seconds(each), Values.Seconds(all), checked((ulong)largestAnswer)));
      return this;
    }

    /// <summary>A host that may be asked. Once one is named, no other is; hosts with a local address are asked only
    /// where they are named.</summary>
    /// <param name="host">Its name or address.</param>
    /// <returns>These options.</returns>
    public VerifyOptions AddOnlineHost(string host) {
      Change(options => Native.VerifyOptionsAddOnlineHost(options, host));
      return this;
    }

    /// <summary>A folder where answers are kept until their next update.</summary>
    /// <value>That is there.</value>
    public string OnlineCache {
      set {
        Change(options => Native.VerifyOptionsSetOnlineCache(options, value));
      }
    }

    /// <summary>Of encrypted PDF documents.</summary>
    /// <value>Of at most 1024 bytes; it is copied.</value>
    public char[] Password {
      set {
        Secrets.Use(value, bytes => Change(options => Native.VerifyOptionsSetPassword(options, bytes)));
      }
    }

    /// <summary>Judges that revision of a PDF document by itself.</summary>
    /// <value>Counted from 1; 0: the whole document.</value>
    public long Revision {
      set {
        Change(options => Native.VerifyOptionsSetRevision(options, checked((ulong)value)));
      }
    }

    /// <summary>What its user should know of these options: that nobody is trusted, or why a trusted list is not used. In
    /// English.</summary>
    public IReadOnlyList<string> Notes =>
        Read(options => Values.List(Native.VerifyOptionsNoteCount(options), at => Native.VerifyOptionsNote(options, at)));

    /// <summary>Verifies a document. A verdict is a result, not a failure: the call fails where there is none.</summary>
    /// <param name="document">PDF, CMS, or a time-stamp token.</param>
    /// <param name="data">The document that an external seal, or a token, is over; null: the seal holds it, or it is a PDF.</param>
    /// <param name="control">Tells and cancels.</param>
    /// <returns>The verdict, and what it comes from.</returns>
    public Verification Verify(Input document, Input data = null, SealControl control = null) {
      using (var call = new Call()) {
        IntPtr options = call.Share(this), read = call.Take(document), over = call.Take(data), controlled = call.Take(control);
        return new Verification(call.Run(() => Native.Verify(options, read, over, controlled)));
      }
    }

    /// <summary>Writes a revision of a PDF document: its first bytes. Of these options, the password counts.</summary>
    /// <param name="document">PDF.</param>
    /// <param name="revision">Counted from 1.</param>
    /// <param name="output">Takes the revision.</param>
    public void ExtractRevision(Input document, long revision, Output output) {
      using (var call = new Call()) {
        IntPtr options = call.Share(this), read = call.Take(document), written = call.Take(output);
        call.Run(() => Native.ExtractRevision(options, read, checked((ulong)revision), written));
      }
    }
  }
}
