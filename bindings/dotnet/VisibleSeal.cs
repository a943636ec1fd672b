namespace Signet.Seal {
  /// <summary>Place and look of a visible seal. Lengths are points (1/72 inch) of the page as it is seen, at most
  /// 14400.</summary>
  public sealed class VisibleSeal : NativeObject {
    /// <summary>Without a setting.</summary>
    /// <param name="context">Of the library.</param>
    public VisibleSeal(Context context) : base(Call.In(context, Native.VisibleNew), Native.VisibleFree) {}

    /// <summary>The page; else 1. A field that is there has its page and place.</summary>
    /// <value>Counted from 1, or from -1 backwards.</value>
    public int Page {
      set {
        Change(visible => Native.VisibleSetPage(visible, value));
      }
    }

    /// <summary>The box; else 36, 36, 180, 60 from the bottom right.</summary>
    /// <param name="corner">Of the page.</param>
    /// <param name="x">Across, from that corner to the same one of the box.</param>
    /// <param name="y">Down or up, as well.</param>
    /// <param name="width">Of the box.</param>
    /// <param name="height">Of the box.</param>
    /// <returns>This visible seal.</returns>
    public VisibleSeal SetPosition(Corner corner, double x, double y, double width, double height) {
      Change(visible => Native.VisibleSetPosition(visible, (int)corner, x, y, width, height));
      return this;
    }

    /// <summary>The text. {signer}, {organisation}, {time}, {reference}, {reason}, {serial} and {issuer} are facts of
    /// the seal; "{{" and "}}" are braces. A line whose facts are all missing is left out.</summary>
    /// <value>At most 16384 bytes, lines end with "\n".</value>
    public string Text {
      set {
        Change(visible => Native.VisibleSetText(visible, value));
      }
    }

    /// <summary>The font, read now; else DejaVu Sans.</summary>
    /// <value>TrueType or OpenType, at most 64 MiB.</value>
    public string FontFile {
      set {
        Change(visible => Native.VisibleSetFontFile(visible, value));
      }
    }

    /// <summary>The font; else DejaVu Sans.</summary>
    /// <value>TrueType or OpenType, at most 64 MiB.</value>
    public byte[] Font {
      set {
        Change(visible => Native.VisibleSetFontMemory(visible, value));
      }
    }

    /// <summary>The image, read now.</summary>
    /// <value>PNG or JPEG, at most 32 MiB.</value>
    public string ImageFile {
      set {
        Change(visible => Native.VisibleSetImageFile(visible, value));
      }
    }

    /// <summary>The image.</summary>
    /// <value>PNG or JPEG, at most 32 MiB.</value>
    public byte[] Image {
      set {
        Change(visible => Native.VisibleSetImageMemory(visible, value));
      }
    }

    /// <summary>The background, below everything, read now.</summary>
    /// <value>PNG or JPEG, at most 32 MiB.</value>
    public string BackgroundFile {
      set {
        Change(visible => Native.VisibleSetBackgroundFile(visible, value));
      }
    }

    /// <summary>The background, below everything.</summary>
    /// <value>PNG or JPEG, at most 32 MiB.</value>
    public byte[] Background {
      set {
        Change(visible => Native.VisibleSetBackgroundMemory(visible, value));
      }
    }

    /// <summary>The text is as large as it fits between these sizes; else 4 and 12.</summary>
    /// <param name="smallest">Of the text.</param>
    /// <param name="largest">Of the text.</param>
    /// <returns>This visible seal.</returns>
    public VisibleSeal SetTextSize(double smallest, double largest) {
      Change(visible => Native.VisibleSetTextSize(visible, smallest, largest));
      return this;
    }

    /// <summary>Where the text stands; else START across and MIDDLE down.</summary>
    /// <param name="across">Of the lines.</param>
    /// <param name="down">Of the text.</param>
    /// <returns>This visible seal.</returns>
    public VisibleSeal SetAlignment(Alignment across, Alignment down) {
      Change(visible => Native.VisibleSetAlignment(visible, (int)across, (int)down));
      return this;
    }

    /// <summary>Where the image stands; else beside the text.</summary>
    /// <value>Of image and text.</value>
    public Arrangement Arrangement {
      set {
        Change(visible => Native.VisibleSetArrangement(visible, (int)value));
      }
    }

    /// <summary>Inside the edges of the box, and between image and text; else 2.</summary>
    /// <value>Of the box.</value>
    public double Margin {
      set {
        Change(visible => Native.VisibleSetMargin(visible, value));
      }
    }

    /// <summary>The colour of the text; else black.</summary>
    /// <value>SRGB, 0xRRGGBB.</value>
    public uint TextColor {
      set {
        Change(visible => Native.VisibleSetTextColor(visible, value));
      }
    }

    /// <summary>The colour below; else none.</summary>
    /// <value>SRGB, 0xRRGGBB.</value>
    public uint BackgroundColor {
      set {
        Change(visible => Native.VisibleSetBackgroundColor(visible, value));
      }
    }
  }
}
