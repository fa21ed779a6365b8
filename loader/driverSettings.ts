/** Settings that the driver and its dependencies read while they are loaded: import this file before snowflake-sdk. */

/**
 * The AWS client inside the driver warns on each start that a later version of itself will want a newer Node. The
 * driver's version is pinned, so that says nothing to the person who runs this.
 */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/**
 * Once loaded, the driver asks the addresses of the clouds' metadata services where it runs, for Snowflake's statistics.
 * Nothing here needs that, and of the local target nothing is to leave this computer.
 */
process.env.SNOWFLAKE_DISABLE_PLATFORM_DETECTION ??= "true";
