namespace Example;

public enum ClipState
{
    Ready,
    Refused,
    Later,
    NeedsReview,
}
