/** What keeps a failing destination from taking its callers along. Imports no package of ours. */
@NullMarked
package io.meshclient.resilience;

import org.jspecify.annotations.NullMarked;
