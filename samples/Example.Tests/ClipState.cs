namespace Example;

public enum ClipState
{
    Ready,
    Refused,
    Later,
    AskSomebody,
}
