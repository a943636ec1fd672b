package signet.seal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/** A file whose code may be run: nobody but root and the user of this process can change it, or what is on its path. */
final class TrustedFile {
  private static final int OTHERS_WRITE = 0022;
  private static final int STICKY = 01000;

  private TrustedFile() {}

  /** Without links. */
  static Path check(Path file) throws IOException {
    final Path real = file.toRealPath();
    if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) throw new IOException(real + " is no regular file");
    final int self = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    for (Path step = real; step != null; step = step.getParent()) {
      final Map<String, Object> facts = Files.readAttributes(step, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
      final int owner = (int) facts.get("uid");
      final int mode = (int) facts.get("mode");
      if (owner != 0 && owner != self) throw new IOException(step + " belongs to another user");
      // In such a folder, others cannot replace what is not theirs.
      final boolean isShared = Files.isDirectory(step) && (mode & STICKY) != 0;
      if ((mode & OTHERS_WRITE) != 0 && !isShared) throw new IOException(step + " can be changed by other users");
    }
    return real;
  }
}
