#pragma once
#include <curl/curl.h>

// `curl_easy_setopt` and `curl_easy_getinfo` are variadic, which Swift does not import. One function for each kind of value that is used.

static inline CURLcode reservation_curl_set_number(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

/// The text is copied.
static inline CURLcode reservation_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

/// What is pointed to must live until the transfer has ended.
static inline CURLcode reservation_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

/// The list must live until the transfer has ended.
static inline CURLcode reservation_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

/// `CURLOPT_POSTFIELDSIZE_LARGE` and its kind.
static inline CURLcode reservation_curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

/// `CURLOPT_READFUNCTION`, `CURLOPT_WRITEFUNCTION` and `CURLOPT_HEADERFUNCTION` have one form.
typedef size_t (*reservation_curl_callback)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode reservation_curl_set_callback(CURL *handle, CURLoption option, reservation_curl_callback callback) {
    return curl_easy_setopt(handle, option, callback);
}

static inline CURLcode reservation_curl_get_number(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

/// `CURLINFO_ACTIVESOCKET`.
static inline CURLcode reservation_curl_get_socket(CURL *handle, CURLINFO info, curl_socket_t *value) {
    return curl_easy_getinfo(handle, info, value);
}

/// Bytes that libcurl copies: `CURLOPT_COPYPOSTFIELDS`, after their number has been set.
static inline CURLcode reservation_curl_set_bytes(CURL *handle, CURLoption option, const void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode reservation_curl_set_debug(CURL *handle, curl_debug_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, callback);
}
