// RFC_ERROR_INFO: filling it, and resetting it as the addon expects (it reads `code` without initialising it).
#pragma once

#include <string>

#include "json.h"
#include "sapnwrfc.h"

const SAP_UC *nameOf(RFC_RC code);

RFC_RC succeed(RFC_ERROR_INFO *error);
RFC_RC fail(RFC_ERROR_INFO *error, RFC_RC code, RFC_ERROR_GROUP group, const std::string &message);

/** A mistake of the caller: group EXTERNAL_RUNTIME_FAILURE. */
RFC_RC misuse(RFC_ERROR_INFO *error, RFC_RC code, const std::string &message);

/** An error the simulator reported, as `{code, group, key, message, abapMsgClass, ...}`. */
RFC_RC failWith(RFC_ERROR_INFO *error, const Json &reported);
