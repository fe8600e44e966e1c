namespace Sora2.Sdk.Simulator.Relays;

/// <summary>The video lengths of one model at one platform, in whole seconds.</summary>
/// <param name="Name">The name of the model.</param>
/// <param name="Seconds">The supported lengths.</param>
/// <param name="HighDefinitionSeconds">The supported lengths in HD; empty where HD is not supported.</param>
/// <param name="IsUnrestricted">Whether any request is accepted, because the model is not Sora's.</param>
internal sealed record ModelLimits(
    string Name,
    IReadOnlyList<int> Seconds,
    IReadOnlyList<int> HighDefinitionSeconds,
    bool IsUnrestricted = false)
{
    public static ModelLimits Unrestricted(string name) => new(name, [], [], IsUnrestricted: true);

    /// <summary>Rejects a length, or shots of a storyboard, that the model does not support.</summary>
    public void Check(FieldReader fields, VideoParameters parameters)
    {
        var allowed = parameters.HighDefinition ? HighDefinitionSeconds : Seconds;
        if (parameters.HighDefinition && allowed.Count == 0)
        {
            fields.Reject("hd", $"{parameters.Model} makes no HD");
        }
        else if (!allowed.Contains(parameters.Length))
        {
            var quality = parameters.HighDefinition ? " in HD" : "";
            fields.Reject(
                parameters.SecondsField,
                $"{parameters.Model} makes {string.Join(", ", allowed)} seconds{quality}, not {parameters.Length}");
        }
        else if (fields.IsStrict && PromptText.IsStoryboard(parameters.Prompt))
        {
            CheckShots(fields, parameters);
        }
    }

    private static void CheckShots(FieldReader fields, VideoParameters parameters)
    {
        var total = PromptText.TotalSeconds(parameters.Prompt);
        if (total is null)
        {
            fields.Reject("prompt", "a shot's duration must read like 'duration: 7.5sec'");
        }
        else if (total > parameters.Length)
        {
            fields.Reject(
                parameters.SecondsField,
                FormattableString.Invariant($"the shots last {total} seconds together, more than {parameters.Length}"));
        }
    }
}
