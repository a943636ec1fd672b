package signet.seal;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/** A sentence in each language. */
final class Bilingual {
  private final Map<Language, String> texts = new EnumMap<>(Language.class);

  Bilingual(Function<Integer, String> text) {
    for (Language language : Language.values()) texts.put(language, text.apply(language.number()));
  }

  String in(Language language) {
    return texts.get(language);
  }
}
