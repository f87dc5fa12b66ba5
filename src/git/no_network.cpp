// libgit2 reads all certificates of the system when it starts, into a TLS library that nothing here ever uses, and has
// no option against it. The functions that read them are defined here instead: the dynamic linker takes the program's
// own definition first. Where libgit2 was built with another TLS library, nobody calls them.
#include "git/no_network.h"

namespace tollbar::git {

void leave_certificates_alone() {}  // being in the same file is what links the definitions below

}  // namespace tollbar::git

extern "C" {

// NOLINTBEGIN: names and signatures are those of Mbed TLS
int mbedtls_x509_crt_parse_file(void* chain, const char* path);
int mbedtls_x509_crt_parse_path(void* chain, const char* path);

int mbedtls_x509_crt_parse_file(void*, const char*) {
  return 0;
}

int mbedtls_x509_crt_parse_path(void*, const char*) {
  return 0;
}
// NOLINTEND
}
