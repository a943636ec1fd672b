using System;
using System.Collections.Generic;

namespace Signet.Seal {
  // A sentence in each language.
  internal sealed class Bilingual {
    private readonly Dictionary<Language, string> texts = new Dictionary<Language, string>();

    internal Bilingual(Func<int, string> text) {
      foreach (Language language in Enum.GetValues(typeof(Language))) texts[language] = text((int)language);
    }

    internal string In(Language language) => texts[language];
  }
}
