// Object ids: SHA-1 through libgit2, SHA-256 by ourselves, as libgit2 1.5 has none.
#include "git/object_hash.h"

#include <string>

#include "git/backend.h"
#include "git/handle.h"
#include "util/sha256.h"

namespace tollbar::git {
namespace {

git_object_t to_libgit2(ObjectType type) {
  switch (type) {
    case ObjectType::commit:
      return GIT_OBJECT_COMMIT;
    case ObjectType::tree:
      return GIT_OBJECT_TREE;
    case ObjectType::blob:
      return GIT_OBJECT_BLOB;
    case ObjectType::tag:
      return GIT_OBJECT_TAG;
  }
  return GIT_OBJECT_INVALID;
}

}  // namespace

model::ObjectId hash_object(ObjectType type, std::string_view data, std::size_t hash_size) {
  if (hash_size == GIT_OID_RAWSZ) {
    start_library();
    git_oid oid;
    check("hash an object", git_odb_hash(&oid, data.data(), data.size(), to_libgit2(type)));
    return to_object_id(oid);
  }
  std::string bytes = fmt::format("{} {}", to_string(type), data.size());
  bytes.push_back('\0');
  bytes += data;
  const auto digest = util::sha256(bytes);
  return model::ObjectId::from_raw(digest.data(), digest.size());
}

}  // namespace tollbar::git
