import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import signet.seal.Context;
import signet.seal.Input;
import signet.seal.Output;
import signet.seal.SealControl;
import signet.seal.SealException;
import signet.seal.SealKey;

/**
 * Seals what it is told to on standard input, "DOCUMENT SEALED", and answers each with a line: MODULE KEY. Before it answers it says
 * "begun", when the document is being read.
 */
final class Life {
  private Life() {}

  private static String seal(Context context, SealKey key, String document, String sealed) {
    final boolean[] isBegun = new boolean[1];
    try (Input input = Input.file(context, Path.of(document));
        Output output = Output.file(context, Path.of(sealed), false);
        SealControl control =
            new SealControl(context)
                .progress(
                    (done, all) -> {
                      if (!isBegun[0]) System.out.println("begun");
                      isBegun[0] = true;
                    })) {
      return "sealed, " + key.seal(input, output, null, null, control).level();
    } catch (SealException e) {
      return e.status() + ", " + e.tokenReason();
    }
  }

  public static void main(String[] words) throws Exception {
    try (Context context = new Context();
        SealKey key = Common.openKey(context, words[0], words[1]);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        final String[] told = line.split(" ");
        System.out.println(seal(context, key, told[0], told[1]));
      }
    }
  }
}
