package signet.seal;

/**
 * What was changed in a PDF document after a signature. It can be read while the verification is open.
 */
public final class Change {
  private final Verification owner;
  private final long address;

  Change(Verification owner, long address) {
    this.owner = owner;
    this.address = address;
  }

  /**
   * Such as "page-content", "form-field", "validation-data".
   *
   * @return the text
   */
  public String kind() {
    return owner.read(open -> Native.changeKind(address));
  }

  /**
   * Whether the rules of ISO 32000-2, 12.8.2, permit it.
   *
   * @return true where it is so
   */
  public boolean isAllowed() {
    return owner.read(open -> Native.changeIsAllowed(address) != 0);
  }

  /**
   * The revision that made it, counted from 1.
   *
   * @return the number
   */
  public long revision() {
    return owner.read(open -> Native.changeRevision(address));
  }

  /**
   * Its page, counted from 1; 0: of no page.
   *
   * @return the number
   */
  public long page() {
    return owner.read(open -> Native.changePage(address));
  }

  /**
   * The field's full name, or empty.
   *
   * @return the text
   */
  public String field() {
    return owner.read(open -> Native.changeField(address));
  }

  /**
   * What was changed.
   *
   * @param language of the text
   * @return the text
   */
  public String what(Language language) {
    return owner.read(open -> Native.changeWhat(address, language.number()));
  }

  /**
   * Which rule forbids it; empty where none does.
   *
   * @param language of the text
   * @return the text
   */
  public String rule(Language language) {
    return owner.read(open -> Native.changeRule(address, language.number()));
  }

  /**
   * Why a person should look; empty where nobody need.
   *
   * @param language of the text
   * @return the text
   */
  public String warning(Language language) {
    return owner.read(open -> Native.changeWarning(address, language.number()));
  }
}
