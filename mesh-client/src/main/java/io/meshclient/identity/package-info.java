/**
 * Who a workload is: SPIFFE IDs, SVIDs, trust bundles, and what a sidecar says of a caller. Imports
 * no package of ours.
 */
@NullMarked
package io.meshclient.identity;

import org.jspecify.annotations.NullMarked;
