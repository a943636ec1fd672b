import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.json.JSONObject;

/**
 * One process for all documents: a line of JSON in, one out. {"judge": "dss" or "bc", ...} is judged, {"judge": "schema",
 * "report": a file} is measured by ETSI's schema of reports, {"judge": "make", ...} writes a document for the test of the
 * judges themselves. An answer with "failure" means that nothing was judged.
 */
final class Judge {
  public static void main(String[] args) throws Exception {
    Locale.setDefault(Locale.ENGLISH); // the reports' texts
    Security.addProvider(new BouncyCastleProvider());
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err); // the answers have standard output for themselves
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) out.println(answer(line));
  }

  private static JSONObject answer(String line) {
    try {
      JSONObject request = new JSONObject(line);
      switch (request.getString("judge")) {
        case "dss":
          checkKeys(request, "judge", "signature", "detached", "trusted", "crls", "ocsps", "policy", "suite", "time", "password",
              "lists", "journal", "report");
          return Dss.judge(request);
        case "schema":
          checkKeys(request, "judge", "report");
          return Dss.schema(request);
        case "bc":
          checkKeys(request, "judge", "signature", "detached");
          return BouncyCastle.judge(request);
        case "make":
          checkKeys(request, "judge", "form", "content", "key", "chain", "level", "detached", "tsa", "trusted", "crls", "out");
          return Maker.make(request);
        default:
          throw new IllegalArgumentException("there is no judge " + request.getString("judge"));
      }
    } catch (Throwable failure) {
      return new JSONObject().put("failure", failure.toString());
    }
  }

  /** A misspelt wish would otherwise be a wish that nobody heard. */
  private static void checkKeys(JSONObject request, String... known) {
    Set<String> unknown = new HashSet<>(request.keySet());
    unknown.removeAll(Set.of(known));
    if (!unknown.isEmpty()) throw new IllegalArgumentException("unknown keys " + unknown);
  }
}
