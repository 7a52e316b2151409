// Version, names of codes, text conversion, languages, and the few settings that have no effect here.
#include <algorithm>
#include <cstring>
#include <utility>

#include "errors.h"
#include "text.h"

namespace {

const std::pair<std::u16string_view, std::u16string_view> languages[] = {
    {u"EN", u"E"}, {u"DE", u"D"}, {u"FR", u"F"}, {u"ES", u"S"}, {u"IT", u"I"}, {u"PT", u"P"}, {u"NL", u"N"},
    {u"ZH", u"1"}, {u"JA", u"J"}, {u"EL", u"G"}, {u"CS", u"C"}, {u"PL", u"L"}, {u"DA", u"K"}, {u"SV", u"V"},
};

RFC_RC unknownLanguage(const SAP_UC *given, RFC_ERROR_INFO *error) {
  return misuse(error, RFC_NOT_FOUND, "Language code not found: " + toUtf8(given));
}

}  // namespace

/** The text tells the stand-in from a real SDK; the numbers are those of a patch level that node-rfc accepts. */
RFC_EXPORT_API const SAP_UC *RfcGetVersion(unsigned *major, unsigned *minor, unsigned *patch) {
  *major = 7500;
  *minor = 0;
  *patch = 12;
  return u"7500.0.12 ml-connector test stand-in, not an SAP library";
}

RFC_EXPORT_API const SAP_UC *RfcGetRcAsString(RFC_RC code) { return nameOf(code); }

RFC_EXPORT_API RFC_RC RfcUTF8ToSAPUC(const RFC_BYTE *utf8, unsigned length, SAP_UC *out, unsigned *capacity, unsigned *outLength,
                                     RFC_ERROR_INFO *error) {
  std::u16string text;
  if (!utf8ToUtf16({reinterpret_cast<const char *>(utf8), length}, text)) return misuse(error, RFC_CODEPAGE_CONVERSION_FAILURE, "not UTF-8");
  *outLength = static_cast<unsigned>(text.size());
  if (text.size() + 1 > *capacity) {
    *capacity = *outLength + 1;
    return misuse(error, RFC_BUFFER_TOO_SMALL, "the buffer is too small");
  }
  copyTo(out, *capacity, text);
  return succeed(error);
}

RFC_EXPORT_API RFC_RC RfcSAPUCToUTF8(const SAP_UC *text, unsigned length, RFC_BYTE *out, unsigned *capacity, unsigned *outLength,
                                     RFC_ERROR_INFO *error) {
  constexpr size_t mostBytesPerUnit = 3;
  if (length * mostBytesPerUnit <= *capacity) {  // the addon's first try, for every field of every row
    *outLength = static_cast<unsigned>(writeUtf8({text, length}, reinterpret_cast<char *>(out)));
    return succeed(error);
  }
  std::string utf8 = toUtf8({text, length});
  *outLength = static_cast<unsigned>(utf8.size());
  if (utf8.size() > *capacity) {
    *capacity = *outLength;
    return misuse(error, RFC_BUFFER_TOO_SMALL, "the buffer is too small");
  }
  std::memcpy(out, utf8.data(), utf8.size());
  return succeed(error);
}

RFC_EXPORT_API RFC_RC RfcLanguageIsoToSap(const SAP_UC *iso, SAP_UC *out, RFC_ERROR_INFO *error) {
  for (const auto &[isoCode, sapCode] : languages) {
    if (isoCode == iso) return copyTo(out, 2, sapCode), succeed(error);
  }
  return unknownLanguage(iso, error);
}

RFC_EXPORT_API RFC_RC RfcLanguageSapToIso(const SAP_UC *sap, SAP_UC *out, RFC_ERROR_INFO *error) {
  for (const auto &[isoCode, sapCode] : languages) {
    if (sapCode == sap) return copyTo(out, 3, isoCode), succeed(error);
  }
  return unknownLanguage(sap, error);
}

RFC_EXPORT_API RFC_RC RfcSetIniPath(const SAP_UC *, RFC_ERROR_INFO *error) { return succeed(error); }

RFC_EXPORT_API RFC_RC RfcReloadIniFile(RFC_ERROR_INFO *error) { return succeed(error); }

RFC_EXPORT_API RFC_RC RfcLoadCryptoLibrary(const SAP_UC *, RFC_ERROR_INFO *error) { return succeed(error); }
