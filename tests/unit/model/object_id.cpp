// Object names in their two lengths.
#include "model/object_id.h"

#include <doctest/doctest.h>

using tollbar::model::ObjectId;

TEST_CASE("hexadecimal is read in both lengths and either case, and written in lower case") {
  const std::string sha1 = "0123456789abcdef0123456789abcdef01234567";
  const std::string sha256 = sha1 + "89abcdef0123456789abcdef";
  CHECK(ObjectId::from_hex(sha1)->hex() == sha1);
  CHECK(ObjectId::from_hex(sha256)->hex() == sha256);
  CHECK(ObjectId::from_hex(sha256)->size == 32);
  CHECK(ObjectId::from_hex("0123456789ABCDEF0123456789abcdef01234567")->hex() == sha1);
  CHECK(ObjectId::from_hex(sha1)->short_hex() == "0123456789ab");
  CHECK(ObjectId::from_hex(sha1)->short_hex(5) == "01234");
  CHECK(ObjectId::from_hex(sha1)->short_hex(100) == sha1);
}

TEST_CASE("anything else is no object id") {
  CHECK_FALSE(ObjectId::from_hex(""));
  CHECK_FALSE(ObjectId::from_hex("0123"));
  CHECK_FALSE(ObjectId::from_hex(std::string(41, '0')));
  CHECK_FALSE(ObjectId::from_hex(std::string(39, '0') + 'g'));
  CHECK_FALSE(ObjectId::from_hex(std::string(39, '0') + ' '));
}

TEST_CASE("zero ids of both lengths are zero and differ") {
  const auto sha1 = ObjectId::from_hex(std::string(40, '0')).value();
  const auto sha256 = ObjectId::from_hex(std::string(64, '0')).value();
  CHECK(sha1.is_zero());
  CHECK(sha256.is_zero());
  CHECK(sha1 != sha256);
  CHECK_FALSE(ObjectId::from_hex(std::string(39, '0') + '1')->is_zero());
}

TEST_CASE("raw bytes are taken as they are") {
  const auto id = ObjectId::from_hex("0123456789abcdef0123456789abcdef01234567").value();
  CHECK(ObjectId::from_raw(id.bytes.data(), 20) == id);
  CHECK(std::hash<ObjectId>{}(ObjectId::from_raw(id.bytes.data(), 20)) == std::hash<ObjectId>{}(id));
}
