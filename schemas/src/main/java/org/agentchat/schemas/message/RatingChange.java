package org.agentchat.schemas.message;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What a deal did to one rating.
///
/// @param newRating after the floor of 100
/// @param change before the floor, so it can be more than the difference
/// @param transactions with this one
public record RatingChange(
    @JsonProperty("oldRating") int oldRating,
    @JsonProperty("newRating") int newRating,
    int change,
    int transactions) {}
