namespace LINQPad;

/// <summary>A part of the results whose content changes.</summary>
public sealed class DumpContainer(object? content = null)
{
    private object? _content = content;

    public object? Content
    {
        get => _content;
        set
        {
            _content = value;
            Session.Current.Shown.Add(Extensions.Shown(value));
        }
    }
}
