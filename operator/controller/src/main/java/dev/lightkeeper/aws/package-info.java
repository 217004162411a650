/** Accounts, credentials, clients, rate limits, the shared fleet cache and the classification of AWS errors. The only place besides the targets that knows the AWS SDK. */
@NullMarked
package dev.lightkeeper.aws;

import org.jspecify.annotations.NullMarked;
