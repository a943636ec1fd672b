using System;
using System.Collections.Generic;

namespace Signet.Seal {
  /// <summary>What a sealed document is worth. Many threads may read it.</summary>
  public sealed class Verification : NativeObject {
    internal Verification(IntPtr address) : base(address, Native.VerificationFree) {}

    /// <summary>The worst verdict of all signatures; of a time-stamp alone its own.</summary>
    public Indication Indication => Read(verification => (Indication)Native.VerificationIndication(verification));

    /// <summary>Such as "HashFailure"; empty where there is none.</summary>
    public string SubIndication => Read(verification => Native.VerificationSubIndication(verification));

    /// <summary>"PAdES" for any PDF, "CAdES", "CMS", "RFC 3161".</summary>
    public string Format => Read(verification => Native.VerificationFormat(verification));

    /// <summary>Of a PDF document; 0: not known.</summary>
    public long PageCount => Read(verification => checked((long)Native.VerificationPageCount(verification)));

    /// <summary>The moment that it was judged at; null where that is not known.</summary>
    public DateTimeOffset? Time => Read(verification => Values.Second(Native.VerificationTime(verification)));

    /// <summary>The suite that algorithms were measured by.</summary>
    public string Suite => Read(verification => Native.VerificationSuite(verification));

    /// <summary>What could not be read, and decides nothing by itself.</summary>
    /// <param name="language">Of the text.</param>
    /// <returns>The sentences.</returns>
    public IReadOnlyList<string> Remarks(Language language) => Read(verification => Values.List(Native.VerificationRemarkCount(verification), at => Native.VerificationRemark(verification, at, (int)language)));

    /// <summary>What was asked for where that is allowed.</summary>
    public IReadOnlyList<Fetch> Fetches => Read(verification => Values.List(Native.VerificationFetchCount(verification), at => new Fetch(Native.VerificationFetchUrl(verification, at), Native.VerificationFetchProblem(verification, at))));

    /// <summary>The signatures, in the document's order.</summary>
    public IReadOnlyList<Verified> Signatures => Read(verification => Values.List(Native.VerificationSignatureCount(verification), at => new Verified(this, Native.VerificationSignature(verification, at))));

    /// <summary>Document time-stamps, and a token that is a document of its own: the oldest first.</summary>
    public IReadOnlyList<Verified> TimeStamps => Read(verification => Values.List(Native.VerificationTimeStampCount(verification), at => new Verified(this, Native.VerificationTimeStamp(verification, at))));

    /// <summary>Writes a report.</summary>
    /// <param name="form">Text, JSON, HTML or XML (ETSI TS 119 102-2).</param>
    /// <param name="output">Takes the report.</param>
    /// <param name="options">What it has.</param>
    public void Report(ReportForm form, Output output, ReportOptions options = null) {
      using (var call = new Call()) {
        IntPtr verification = call.Share(this), how = call.Share(options), written = call.Take(output);
        call.Run(() => Native.VerificationReport(verification, (int)form, how, written));
      }
    }

    /// <summary>Writes the document that the message holds which was verified. Status.Signature where the verdict is not
    /// TotalPassed.</summary>
    /// <param name="message">That was verified, else Status.Changed.</param>
    /// <param name="output">Takes the document.</param>
    public void ExtractContent(Input message, Output output) {
      using (var call = new Call()) {
        IntPtr verification = call.Share(this), read = call.Take(message), written = call.Take(output);
        call.Run(() => Native.ExtractContent(verification, read, written));
      }
    }
  }
}
