// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/cfobject.h"

#include <nlohmann/json.hpp>

namespace cleat::runtime {

const std::string &defaultCf()
{
    static const std::string text = R"({
  "asOrganization": "Example Networks",
  "asn": 395747,
  "botManagement": {
    "corporateProxy": false,
    "detectionIds": [],
    "ja3Hash": "25b4882c2bcb50cd6b469ff28c596742",
    "ja4": "t13d1516h2_8daaf6152771_02713d6af862",
    "jsDetection": { "passed": false },
    "score": 99,
    "staticResource": false,
    "verifiedBot": false
  },
  "city": "Austin",
  "clientAcceptEncoding": "gzip, deflate, br",
  "clientTcpRtt": 12,
  "clientTrustScore": 99,
  "colo": "DFW",
  "continent": "NA",
  "country": "US",
  "edgeRequestKeepAliveStatus": 1,
  "httpProtocol": "HTTP/1.1",
  "latitude": "30.27130",
  "longitude": "-97.74260",
  "metroCode": "635",
  "postalCode": "78701",
  "region": "Texas",
  "regionCode": "TX",
  "requestPriority": "weight=192;exclusive=0",
  "timezone": "America/Chicago",
  "tlsCipher": "AEAD-AES128-GCM-SHA256",
  "tlsClientAuth": {
    "certFingerprintSHA1": "",
    "certFingerprintSHA256": "",
    "certIssuerDN": "",
    "certIssuerDNLegacy": "",
    "certIssuerDNRFC2253": "",
    "certIssuerSKI": "",
    "certIssuerSerial": "",
    "certNotAfter": "",
    "certNotBefore": "",
    "certPresented": "0",
    "certRevoked": "0",
    "certSKI": "",
    "certSerial": "",
    "certSubjectDN": "",
    "certSubjectDNLegacy": "",
    "certSubjectDNRFC2253": "",
    "certVerified": "NONE"
  },
  "tlsClientExtensionsSha1": "",
  "tlsClientHelloLength": "1603",
  "tlsClientRandom": "",
  "tlsExportedAuthenticator": {
    "clientFinished": "",
    "clientHandshake": "",
    "serverFinished": "",
    "serverHandshake": ""
  },
  "tlsVersion": "TLSv1.3",
  "verifiedBotCategory": ""
})";
    return text;
}

std::string cfOfClient(const std::string &json, const std::string &acceptEncoding)
{
    auto cf = nlohmann::ordered_json::parse(json, nullptr, false);
    if (!cf.is_object() || !cf.contains("clientAcceptEncoding"))
        return json;
    cf["clientAcceptEncoding"] = acceptEncoding;
    return cf.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

base::Result<void> checkCf(const std::string &json)
{
    const auto parsed = nlohmann::json::parse(json, nullptr, false);
    if (parsed.is_discarded())
        return base::fail("runtime.cf", "The cf object is not valid JSON.");
    if (!parsed.is_object())
        return base::fail("runtime.cf", "The cf object has to be a JSON object, with members like \"country\".");
    return {};
}

} // namespace cleat::runtime
