#include <signet-seal.h>
#include <stdio.h>

int main(void) {
  signet_seal_context* context = NULL;
  if (signet_seal_context_new(&context, NULL) != SIGNET_SEAL_OK) return 1;
  signet_seal_context_free(context);
  return puts(signet_seal_version()) < 0;
}
