package signet.seal;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Loads libsignet-seal-jni.so, once. The system property signet.seal.native says from where: "system" (a folder of
 * java.library.path), "jar", or the path of the file; without it, from the system where it is there, else from the JAR.
 *
 * <p>A file of the system is loaded where only root and the user of this process can change it; one of the JAR where it has the digest
 * that the JAR names.
 */
final class Library {
  static final String FILE = "libsignet-seal-jni.so";
  private static final String PROPERTY = "signet.seal.native";

  private Library() {}

  static synchronized void load(String wanted) {
    final String where = System.getProperty(PROPERTY, "");
    try {
      if (where.equals("jar")) {
        JarLibrary.load();
      } else if (where.isEmpty() || where.equals("system")) {
        final Path file = installed();
        if (file != null) loadFile(file);
        else if (where.isEmpty() && JarLibrary.isThere()) JarLibrary.load();
        else throw new UnsatisfiedLinkError(FILE + " is in no folder of java.library.path: install libsignet-seal-java");
      } else {
        loadFile(Path.of(where));
      }
    } catch (IOException e) {
      final UnsatisfiedLinkError error = new UnsatisfiedLinkError(FILE + " cannot be loaded: " + e.getMessage());
      error.initCause(e);
      throw error;
    }
    start(wanted);
  }

  private static Path installed() {
    for (String folder : System.getProperty("java.library.path", "").split(File.pathSeparator)) {
      if (folder.isEmpty()) continue;
      final Path file = Path.of(folder, FILE);
      if (file.isAbsolute() && Files.exists(file)) return file;
    }
    return null;
  }

  private static void loadFile(Path file) throws IOException {
    System.load(TrustedFile.check(file).toString());
  }

  /** Binds the methods of Native; UnsatisfiedLinkError where they are those of another version. */
  private static native void start(String wanted);
}
