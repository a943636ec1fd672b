using System;

namespace Signet.Seal {
  /// <summary>How a document is sealed. Many threads may use the same options, and nobody else while they are
  /// changed.</summary>
  public sealed class SealOptions : NativeObject {
    /// <summary>Without a setting.</summary>
    /// <param name="context">Of the library.</param>
    public SealOptions(Context context) : base(Call.In(context, Native.OptionsNew), Native.OptionsFree) {}

    /// <summary>The format; else CAdES. PAdES is for PDF documents alone.</summary>
    /// <value>CAdES or PAdES.</value>
    public Format Format {
      set {
        Change(options => Native.OptionsSetFormat(options, (int)value));
      }
    }

    /// <summary>The document inside the seal, or beside it; else inside.</summary>
    /// <value>Internal or external.</value>
    public Packaging Packaging {
      set {
        Change(options => Native.OptionsSetPackaging(options, (int)value));
      }
    }

    /// <summary>Of internal seals; else DER. BER has indefinite lengths, for readers that know no definite length
    /// over 2 GiB.</summary>
    /// <value>DER or BER.</value>
    public SealEncoding Encoding {
      set {
        Change(options => Native.OptionsSetEncoding(options, (int)value));
      }
    }

    /// <summary>The baseline level; else automatic: B-T with a time-stamper, B-B without.</summary>
    /// <value>Automatic, B-B or B-T.</value>
    public Level Level {
      set {
        Change(options => Native.OptionsSetLevel(options, (int)value));
      }
    }

    /// <summary>What is done where no authority gives a time-stamp: NoTimeStamp, or a seal of level B-B. Else it
    /// fails.</summary>
    /// <value>To fail or to degrade.</value>
    public WithoutTimeStamp WithoutTimeStamp {
      set {
        Change(options => Native.OptionsSetWithoutTimeStamp(options, (int)value));
      }
    }

    /// <summary>For all authorities together; else 60 seconds.</summary>
    /// <value>1 ms to 1 hour.</value>
    public TimeSpan TimeStampLimit {
      set {
        Change(options => Native.OptionsSetTimeStampLimit(options, Values.Milliseconds(value)));
      }
    }

    /// <summary>The digest; else SHA-256. Ed25519 always takes SHA-512.</summary>
    /// <value>Of the document.</value>
    public Hash Hash {
      set {
        Change(options => Native.OptionsSetHash(options, (int)value));
      }
    }

    /// <summary>Of RSA signatures; else PKCS#1 v1.5.</summary>
    /// <value>PKCS#1 or PSS.</value>
    public Padding Padding {
      set {
        Change(options => Native.OptionsSetPadding(options, (int)value));
      }
    }

    /// <summary>The commitment-type-indication (EN 319 122-1, 5.2.3).</summary>
    /// <value>Such as "1.2.840.113549.1.9.16.6.1".</value>
    public string Commitment {
      set {
        Change(options => Native.OptionsSetCommitment(options, value));
      }
    }

    /// <summary>The signature-policy-identifier (EN 319 122-1, 5.2.9).</summary>
    /// <param name="oid">Of the policy.</param>
    /// <param name="hash">By which it is digested.</param>
    /// <param name="digest">Of the policy's document.</param>
    /// <param name="uri">Where it is; may be null.</param>
    /// <returns>These options.</returns>
    public SealOptions SetPolicy(string oid, Hash hash, byte[] digest, string uri) {
      Change(options => Native.OptionsSetPolicy(options, oid, (int)hash, digest, uri));
      return this;
    }

    /// <summary>The signer-location (EN 319 122-1, 5.2.5).</summary>
    /// <param name="country">May be null where there is a locality.</param>
    /// <param name="locality">May be null where there is a country.</param>
    /// <returns>These options.</returns>
    public SealOptions SetLocation(string country, string locality) {
      Change(options => Native.OptionsSetLocation(options, country, locality));
      return this;
    }

    /// <summary>The mime-type (EN 319 122-1, 5.2.4.3).</summary>
    /// <value>Such as "text/plain".</value>
    public string MediaType {
      set {
        Change(options => Native.OptionsSetMediaType(options, value));
      }
    }

    /// <summary>The content-hints (EN 319 122-1, 5.2.4.1).</summary>
    /// <value>Of the document.</value>
    public string FileName {
      set {
        Change(options => Native.OptionsSetFileName(options, value));
      }
    }

    /// <summary>Goes into the journal of the appliance where the key is behind Signet's module and its service has a
    /// place for it.</summary>
    /// <value>At most 256 bytes, without control characters.</value>
    public string Reference {
      set {
        Change(options => Native.OptionsSetReference(options, value));
      }
    }

    /// <summary>What warnings of a result are measured by; else "119312-2.1.1".</summary>
    /// <value>"119312-2.1.1", "119312-1.5.1", or the path of a file in the form of ETSI TS 119 322.</value>
    public string Suite {
      set {
        Change(options => Native.OptionsSetSuite(options, value));
      }
    }

    /// <summary>A signature field that the document has; else a new one is made.</summary>
    /// <value>Full name.</value>
    public string PdfField {
      set {
        Change(options => Native.OptionsSetPdfField(options, value));
      }
    }

    /// <summary>Certifies the document, which only its first signature can (ISO 32000-2, table 257).</summary>
    /// <value>What may follow.</value>
    public Certify PdfCertify {
      set {
        Change(options => Native.OptionsSetPdfCertify(options, (int)value));
      }
    }

    /// <summary>/Reason; not together with a commitment or a policy.</summary>
    /// <value>For people.</value>
    public string PdfReason {
      set {
        Change(options => Native.OptionsSetPdfReason(options, value));
      }
    }

    /// <summary>/Location; not together with a signer-location.</summary>
    /// <value>For people.</value>
    public string PdfLocation {
      set {
        Change(options => Native.OptionsSetPdfLocation(options, value));
      }
    }

    /// <summary>/ContactInfo.</summary>
    /// <value>For people.</value>
    public string PdfContact {
      set {
        Change(options => Native.OptionsSetPdfContact(options, value));
      }
    }

    /// <summary>Of an encrypted document, the user's or the owner's; else the empty one.</summary>
    /// <value>Of at most 1024 bytes; it is copied.</value>
    public char[] PdfPassword {
      set {
        Secrets.Use(value, bytes => Change(options => Native.OptionsSetPdfPassword(options, bytes)));
      }
    }

    /// <summary>Forms in XFA, whose viewers show something else than what the seal covers; else they are
    /// forbidden.</summary>
    /// <value>True: they are sealed.</value>
    public bool PdfIgnoreXfa {
      set {
        Change(options => Native.OptionsSetPdfIgnoreXfa(options, value ? 1 : 0));
      }
    }

    /// <summary>Documents whose cross-references are missing or wrong: sealed with new ones behind them, or else
    /// BROKEN.</summary>
    /// <value>True: they are sealed.</value>
    public bool PdfRepairOk {
      set {
        Change(options => Native.OptionsSetPdfRepairOk(options, value ? 1 : 0));
      }
    }

    /// <summary>What is left for a time-stamp in seals of level B-T; else 32768.</summary>
    /// <value>1 to 16777216.</value>
    public long PdfTimeStampRoom {
      set {
        Change(options => Native.OptionsSetPdfTimeStampRoom(options, checked((ulong)value)));
      }
    }

    /// <summary>Makes the seal visible.</summary>
    /// <value>As it is now: later changes are not seen; null: invisible again.</value>
    public VisibleSeal Visible {
      set {
        using (var call = new Call()) {
          IntPtr shown = call.Share(value);
          Change(options => Native.OptionsSetVisible(options, shown));
        }
      }
    }
  }
}
