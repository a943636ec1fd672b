package signet.seal;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** PINs and passwords on their way into the library. */
final class Secrets {
  private Secrets() {}

  /** In UTF-8; null for null. The caller wipes it. */
  static byte[] utf8(char[] secret) {
    if (secret == null) return null;
    final ByteBuffer coded = ByteBuffer.allocate(secret.length * 3);
    try {
      final var encoder = StandardCharsets.UTF_8.newEncoder();
      final var result = encoder.encode(CharBuffer.wrap(secret), coded, true);
      if (!result.isUnderflow()) result.throwException();
      return Arrays.copyOf(coded.array(), coded.position());
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a secret has half of a character in it");
    } finally {
      Arrays.fill(coded.array(), (byte) 0);
    }
  }

  /** The same, and wipes the characters. */
  static byte[] taken(char[] secret) {
    try {
      return utf8(secret);
    } finally {
      if (secret != null) Arrays.fill(secret, '\0');
    }
  }

  /** The bytes are wiped afterwards. */
  static void use(char[] secret, Consumer<byte[]> work) {
    final byte[] bytes = utf8(secret);
    try {
      work.accept(bytes);
    } finally {
      if (bytes != null) Arrays.fill(bytes, (byte) 0);
    }
  }
}
