package signet.seal;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What became of an extended document. */
public final class Extension {
  private final boolean isChanged;
  private final String levelBefore;
  private final String level;
  private final long sizeBefore;
  private final long size;
  private final Map<Added, Long> added = new EnumMap<>(Added.class);
  private final List<String> authorities;
  private final Optional<Instant> verifiableUntil;
  private final Bilingual verifiableBecause;
  private final List<Bilingual> remarks;
  private final List<Fetch> fetches;

  /** Reads and frees the native one. */
  Extension(long extension) {
    try {
      isChanged = Native.extensionIsChanged(extension) != 0;
      levelBefore = Native.extensionLevelBefore(extension);
      level = Native.extensionLevel(extension);
      sizeBefore = Native.extensionSizeBefore(extension);
      size = Native.extensionSize(extension);
      for (Added what : Added.values()) added.put(what, Native.extensionAdded(extension, what.number()));
      authorities = Values.list(Native.extensionAuthorityCount(extension), at -> Native.extensionAuthority(extension, at));
      verifiableUntil = Values.second(Native.extensionVerifiableUntil(extension));
      verifiableBecause = new Bilingual(language -> Native.extensionVerifiableBecause(extension, language));
      remarks = Values.list(Native.extensionRemarkCount(extension), at -> new Bilingual(language -> Native.extensionRemark(extension, at, language)));
      fetches = Values.list(Native.extensionFetchCount(extension), at -> new Fetch(Native.extensionFetchUrl(extension, at), Native.extensionFetchProblem(extension, at)));
    } finally {
      Native.extensionFree(extension);
    }
  }

  /**
   * Whether something had to be added.
   *
   * @return true where it is so
   */
  public boolean isChanged() {
    return isChanged;
  }

  /**
   * The lowest level of its signatures before, such as "B-T".
   *
   * @return the text
   */
  public String levelBefore() {
    return levelBefore;
  }

  /**
   * The lowest level of its signatures now, such as "B-LTA".
   *
   * @return the text
   */
  public String level() {
    return level;
  }

  /**
   * Bytes before.
   *
   * @return the number
   */
  public long sizeBefore() {
    return sizeBefore;
  }

  /**
   * Bytes now.
   *
   * @return the number
   */
  public long size() {
    return size;
  }

  /**
   * How many of these were added.
   *
   * @param what which of them
   * @return how many
   */
  public long added(Added what) {
    return added.get(what);
  }

  /**
   * The authorities that gave the time-stamps.
   *
   * @return the list
   */
  public List<String> authorities() {
    return authorities;
  }

  /**
   * Until when it can be verified as things stand.
   *
   * @return the time; empty where there is none
   */
  public Optional<Instant> verifiableUntil() {
    return verifiableUntil;
  }

  /**
   * Why no longer; empty where no end is known.
   *
   * @param language of the text
   * @return the text
   */
  public String verifiableBecause(Language language) {
    return verifiableBecause.in(language);
  }

  /**
   * What the user should know, such as that revocation data is older than what it serves.
   *
   * @param language of the text
   * @return the sentences
   */
  public List<String> remarks(Language language) {
    return Values.list(remarks.size(), at -> remarks.get((int) at).in(language));
  }

  /**
   * What was asked for where that is allowed.
   *
   * @return the requests
   */
  public List<Fetch> fetches() {
    return fetches;
  }
}
