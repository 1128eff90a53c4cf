/**
 * Live state behind the policy: the endpoints of each cluster, their load, and the choice among
 * them. It outlives policies: a reload keeps the state of every cluster and endpoint that stays.
 */
@NullMarked
package io.meshclient.upstream;

import org.jspecify.annotations.NullMarked;
