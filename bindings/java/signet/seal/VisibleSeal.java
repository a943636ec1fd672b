package signet.seal;

import java.nio.file.Path;

/**
 * Place and look of a visible seal. Lengths are points (1/72 inch) of the page as it is seen, at most 14400.
 */
public final class VisibleSeal extends NativeObject {
  /**
   * Without a setting.
   *
   * @param context of the library
   */
  public VisibleSeal(Context context) {
    super(Call.in(context, Native::visibleNew), Native::visibleFree);
  }

  /**
   * The page; else 1. A field that is there has its page and place.
   *
   * @param page counted from 1, or from -1 backwards
   * @return this visible seal
   */
  public VisibleSeal page(int page) {
    change(visible -> Native.visibleSetPage(visible, page));
    return this;
  }

  /**
   * The box; else 36, 36, 180, 60 from the bottom right.
   *
   * @param corner of the page
   * @param x across, from that corner to the same one of the box
   * @param y down or up, as well
   * @param width of the box
   * @param height of the box
   * @return this visible seal
   */
  public VisibleSeal position(Corner corner, double x, double y, double width, double height) {
    change(visible -> Native.visibleSetPosition(visible, corner.number(), x, y, width, height));
    return this;
  }

  /**
   * The text. {signer}, {organisation}, {time}, {reference}, {reason}, {serial} and {issuer} are facts of the seal;
   * "{{" and "}}" are braces. A line whose facts are all missing is left out.
   *
   * @param text at most 16384 bytes, lines end with "\n"
   * @return this visible seal
   */
  public VisibleSeal text(String text) {
    change(visible -> Native.visibleSetText(visible, text));
    return this;
  }

  /**
   * The font, read now; else DejaVu Sans.
   *
   * @param file TrueType or OpenType, at most 64 MiB
   * @return this visible seal
   */
  public VisibleSeal fontFile(Path file) {
    change(visible -> Native.visibleSetFontFile(visible, file.toString()));
    return this;
  }

  /**
   * The font; else DejaVu Sans.
   *
   * @param font TrueType or OpenType, at most 64 MiB
   * @return this visible seal
   */
  public VisibleSeal font(byte[] font) {
    change(visible -> Native.visibleSetFontMemory(visible, font));
    return this;
  }

  /**
   * The image, read now.
   *
   * @param file PNG or JPEG, at most 32 MiB
   * @return this visible seal
   */
  public VisibleSeal imageFile(Path file) {
    change(visible -> Native.visibleSetImageFile(visible, file.toString()));
    return this;
  }

  /**
   * The image.
   *
   * @param image PNG or JPEG, at most 32 MiB
   * @return this visible seal
   */
  public VisibleSeal image(byte[] image) {
    change(visible -> Native.visibleSetImageMemory(visible, image));
    return this;
  }

  /**
   * The background, below everything, read now.
   *
   * @param file PNG or JPEG, at most 32 MiB
   * @return this visible seal
   */
  public VisibleSeal backgroundFile(Path file) {
    change(visible -> Native.visibleSetBackgroundFile(visible, file.toString()));
    return this;
  }

  /**
   * The background, below everything.
   *
   * @param image PNG or JPEG, at most 32 MiB
   * @return this visible seal
   */
  public VisibleSeal background(byte[] image) {
    change(visible -> Native.visibleSetBackgroundMemory(visible, image));
    return this;
  }

  /**
   * The text is as large as it fits between these sizes; else 4 and 12.
   *
   * @param smallest of the text
   * @param largest of the text
   * @return this visible seal
   */
  public VisibleSeal textSize(double smallest, double largest) {
    change(visible -> Native.visibleSetTextSize(visible, smallest, largest));
    return this;
  }

  /**
   * Where the text stands; else START across and MIDDLE down.
   *
   * @param across of the lines
   * @param down of the text
   * @return this visible seal
   */
  public VisibleSeal alignment(Alignment across, Alignment down) {
    change(visible -> Native.visibleSetAlignment(visible, across.number(), down.number()));
    return this;
  }

  /**
   * Where the image stands; else beside the text.
   *
   * @param arrangement of image and text
   * @return this visible seal
   */
  public VisibleSeal arrangement(Arrangement arrangement) {
    change(visible -> Native.visibleSetArrangement(visible, arrangement.number()));
    return this;
  }

  /**
   * Inside the edges of the box, and between image and text; else 2.
   *
   * @param margin of the box
   * @return this visible seal
   */
  public VisibleSeal margin(double margin) {
    change(visible -> Native.visibleSetMargin(visible, margin));
    return this;
  }

  /**
   * The colour of the text; else black.
   *
   * @param color sRGB, 0xRRGGBB
   * @return this visible seal
   */
  public VisibleSeal textColor(int color) {
    change(visible -> Native.visibleSetTextColor(visible, color));
    return this;
  }

  /**
   * The colour below; else none.
   *
   * @param color sRGB, 0xRRGGBB
   * @return this visible seal
   */
  public VisibleSeal backgroundColor(int color) {
    change(visible -> Native.visibleSetBackgroundColor(visible, color));
    return this;
  }
}
