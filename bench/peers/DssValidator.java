import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONObject;

/**
 * Validates the document of a case by EU DSS, as conformance/judges/Dss.java does: FOLDER tells the verdict, FOLDER --lines reads and
 * writes the lines that verifybench.cc has.
 */
final class DssValidator {
  public static void main(String[] args) throws Exception {
    JSONObject request = request(Path.of(args[0]));
    if (args.length == 1) {
      System.out.println(verdict(request));
      return;
    }
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(measured(request, new JSONObject(line).getInt("times")));
    }
  }

  private static JSONObject measured(JSONObject request, int times) throws Exception {
    JSONArray wall = new JSONArray();
    JSONArray processor = new JSONArray();
    String verdict = "";
    for (int i = 0; i < times; ++i) {
      long used = processorNanoseconds();
      long began = System.nanoTime();
      verdict = verdict(request);
      wall.put((System.nanoTime() - began) / 1e6);
      processor.put((processorNanoseconds() - used) / 1e6);
    }
    return new JSONObject().put("milliseconds", wall).put("processorMilliseconds", processor).put("verdict", verdict);
  }

  /** Of all threads: it validates in several, and compiles itself in others. */
  private static long processorNanoseconds() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
  }

  private static String verdict(JSONObject request) throws Exception {
    JSONArray signatures = Dss.judge(request).getJSONArray("signatures");
    if (signatures.isEmpty()) return "no signature";
    JSONObject first = signatures.getJSONObject(0);
    String subIndication = first.isNull("subIndication") ? "" : "/" + first.getString("subIndication");
    return first.getString("indication").replace('_', '-') + subIndication;
  }

  private static JSONObject request(Path folder) throws Exception {
    JSONObject expected = new JSONObject(Files.readString(folder.resolve("expected.json")));
    List<String> crls = files(folder.resolve("crls"));
    crls.addAll(files(folder.resolve("fresh")));
    return new JSONObject().put("signature", folder.resolve("doc.pdf").toString())
        .put("trusted", new JSONArray(files(folder.resolve("trust"))))
        .put("crls", new JSONArray(crls))
        .put("time", expected.getString("validation_time"));
  }

  private static List<String> files(Path folder) {
    File[] found = folder.toFile().listFiles();
    List<String> paths = new java.util.ArrayList<>();
    if (found != null) Arrays.stream(found).sorted().forEach(file -> paths.add(file.getPath()));
    return paths;
  }
}
