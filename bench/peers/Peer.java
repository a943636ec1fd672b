import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;

/**
 * What the peers in Java share: one seal by arguments (FORM DOCUMENT OUTPUT), or many in one process by lines.
 *
 * <p>A line has the form and then each document and its output, separated by tabs; the answer to it is the JSON that
 * sealbench.cc gives.
 */
interface Peer {
  /** Written, not synced. */
  void seal(String form, String document, String output) throws Exception;

  static void run(Peer peer, String[] args) throws Exception {
    if (args.length == 3) {
      peer.seal(args[0], args[1], args[2]);
      return;
    }
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split("\t");
      StringJoiner milliseconds = new StringJoiner(", ", "[", "]");
      long began = System.nanoTime();
      for (int i = 1; i + 1 < words.length; i += 2) {
        long start = System.nanoTime();
        peer.seal(words[0], words[i], words[i + 1]);
        milliseconds.add(String.valueOf((System.nanoTime() - start) / 1e6));
      }
      System.out.println("{\"milliseconds\": " + milliseconds + ", \"seconds\": " + (System.nanoTime() - began) / 1e9 + "}");
    }
  }
}
