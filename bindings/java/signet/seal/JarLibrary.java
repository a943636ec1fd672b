package signet.seal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * The libraries in the JAR. They are copied to a new folder that only this user can read, compared with the digests that the JAR
 * names, loaded, and removed again.
 */
final class JarLibrary {
  // The second one needs the first one.
  private static final List<String> FILES = List.of("libsignet-seal.so.1", Library.FILE);
  private static final String FOLDER = "native/" + "linux-" + System.getProperty("os.arch") + "/";
  private static final String SUMS = "SHA256SUMS";

  private JarLibrary() {}

  static boolean isThere() {
    return JarLibrary.class.getResource(FOLDER + SUMS) != null;
  }

  static void load() throws IOException {
    if (!isThere()) throw new IOException("the JAR has no library for " + FOLDER.substring(FOLDER.indexOf('/') + 1, FOLDER.length() - 1));
    final Path folder = Files.createTempDirectory("signet-seal-");
    try {
      for (String name : FILES) loadFile(folder.resolve(name), name);
    } finally {
      for (String name : FILES) Files.deleteIfExists(folder.resolve(name));
      Files.delete(folder);
    }
  }

  private static void loadFile(Path file, String name) throws IOException {
    try (InputStream resource = resource(name)) {
      Files.copy(resource, file);
    }
    // What is loaded is what was written, and not only what was read.
    if (!digest(file).equals(sum(name))) throw new IOException(name + " is not the file that was packed into the JAR");
    try {
      System.load(file.toString());
    } catch (UnsatisfiedLinkError e) {
      throw new IOException(e.getMessage() + " (a folder without noexec can be named by -Djava.io.tmpdir)", e);
    }
  }

  private static InputStream resource(String name) throws IOException {
    final InputStream found = JarLibrary.class.getResourceAsStream(FOLDER + name);
    if (found == null) throw new IOException("the JAR lacks " + FOLDER + name);
    return found;
  }

  /** As sha256sum writes it. */
  private static String sum(String name) throws IOException {
    try (InputStream sums = resource(SUMS)) {
      for (String line : new String(sums.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
        if (line.endsWith("  " + name)) return line.substring(0, line.indexOf(' '));
      }
    }
    throw new IOException("the JAR has no digest of " + name);
  }

  private static String digest(Path file) throws IOException {
    try {
      final StringBuilder hexadecimal = new StringBuilder();
      for (byte one : MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file))) hexadecimal.append(String.format("%02x", one));
      return hexadecimal.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IOException(e);
    }
  }
}
