namespace LINQPad;

public sealed record Html(string Text);
