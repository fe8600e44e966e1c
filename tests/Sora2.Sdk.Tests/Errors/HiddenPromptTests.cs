using System.Net;
using System.Text.Json;
using Sora2.Sdk.Common;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Errors;

/// <summary>Removes quotes of the prompt from the text of an error.</summary>
public sealed class HiddenPromptTests
{
    private const string Prompt = "GEHEIM: ein \"roter\" Drache\nfliegt über Schloß Neuschwanstein & landet";
    private const string Chinese = "秘密项目：一只红色的龙飞过故宫，落在太和殿的屋顶上";

    public static TheoryData<string, string> Quotes()
    {
        var quotes = new TheoryData<string, string>();
        foreach (var prompt in (string[])[Prompt, Chinese])
        {
            quotes.Add(prompt, prompt);
            quotes.Add(prompt, prompt[..6] + "…");
            quotes.Add(prompt, prompt[..20] + "...");
            quotes.Add(prompt, "…" + prompt[^14..]);
            quotes.Add(prompt, prompt.Replace('\n', ' '));
            quotes.Add(prompt, prompt.Replace("\"", "”", StringComparison.Ordinal));
            quotes.Add(prompt, prompt.Replace("\"", "'", StringComparison.Ordinal));
            quotes.Add(prompt, prompt.ToUpperInvariant());
            quotes.Add(prompt, WebUtility.HtmlEncode(prompt));
            quotes.Add(prompt, Uri.EscapeDataString(prompt));
            quotes.Add(prompt, JsonEncodedText.Encode(prompt).ToString());
            quotes.Add(prompt, JsonEncodedText.Encode(JsonEncodedText.Encode(prompt).ToString()).ToString());
            quotes.Add(prompt, string.Join("  ", prompt.ToCharArray()));
        }

        return quotes;
    }

    [Theory]
    [MemberData(nameof(Quotes))]
    public void Quote_in_any_form_is_removed_and_the_rest_stays(string prompt, string quote)
    {
        var shown = new PromptTexts([prompt]).RedactIn($"Refused by the filter: [{quote}] (request 17)");

        Assert.StartsWith("Refused by the filter: [", shown, StringComparison.Ordinal);
        Assert.EndsWith("] (request 17)", shown, StringComparison.Ordinal);
        Assert.Contains("…", shown, StringComparison.Ordinal);
        Assert.All(
            ["geheim", "drache", "neuschw", "landet", "秘密", "红色", "故宫", "屋顶", "\\u", "%E"],
            word => Assert.DoesNotContain(word, shown, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("a corgi", "The platform is busy, try again in 5 s.")]
    [InlineData("cat", "A category is missing.")]
    [InlineData("一只猫", "系统繁忙，请稍后再试")]
    [InlineData("please dance", "the account is unpleasant")]
    public void Text_that_is_not_a_quote_stays(string prompt, string text) => Assert.Equal(text, new PromptTexts([prompt]).RedactIn(text));

    [Theory]
    [InlineData("hund")]
    [InlineData("a dog")]
    [InlineData("小猫跳舞")]
    public void Short_prompt_is_removed_completely(string prompt) =>
        Assert.Equal("bad: …!", new PromptTexts([prompt]).RedactIn($"bad: {prompt}!"));

    [Theory]
    [InlineData("a")]
    [InlineData("GEHEIM ")]
    [InlineData("\\u0047")]
    [InlineData("&#71;")]
    [InlineData("龙")]
    public async Task Long_text_is_fast(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 4_000_000 / part.Length));
        var words = new PromptTexts([Prompt, Chinese, new string('a', 20_000)]);

        // A minute; a comparison of every letter with every other would take hours.
        var shown = await Task.Run(() => words.RedactIn(text)).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.NotEmpty(shown);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Quoted_prompt_is_in_a_log_or_trace_only_if_prompts_are_logged(bool logsPrompts)
    {
        var clock = new VirtualClock();
        using var heard = new Listening("quotes-" + logsPrompts);
        string[] responses =
        [
            $$"""{"id":"task-1","status":"queued","model":"{{JsonEncodedText.Encode(Prompt)}}"}""",
            $$"""{"id":"task-1","status":"doing {{JsonEncodedText.Encode(Prompt.ToUpperInvariant())}}","""
                + $$""" "model":"{{JsonEncodedText.Encode(Prompt)}}"}""",
            $$$"""{"error":{"message":"busy with {{{JsonEncodedText.Encode(WebUtility.HtmlEncode(Prompt))}}}"}}""",
            $$"""{"id":"task-1","status":"failed","model":"{{JsonEncodedText.Encode(Prompt)}}","fail_reason":"refused:"""
            + $$""" {{JsonEncodedText.Encode(Prompt[..30])}}..."}""",
        ];
        using var client = TestClients.Create(
            Sora2Platform.Juxin,
            new StubHandler((n, _) => StubHandler.Json(responses[Math.Min(n, responses.Length - 1)])),
            options => (options.TimeProvider, options.LoggerFactory, options.LogPrompts, options.QueryRetries)
                = (clock, heard, logsPrompts, 0),
            name: heard.ClientName);

        await Assert.ThrowsAsync<VideoTaskFailedException>(() => clock.RunAsync(client.Videos.GenerateAsync(
            new VideoRequest(Prompt), cancellationToken: TestContext.Current.CancellationToken)));

        string[] reported =
        [
            .. heard.Lines.Select(line => $"{line.Text} {line.Values} {line.Exception}"),
            .. heard.Spans.Select(span => $"{span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects)} "
                + $"{string.Join(' ', span.Events.SelectMany(happened => happened.Tags))}"),
            .. heard.Measurements.SelectMany(measured => measured.Tags.Values.Select(value => $"{value}")),
        ];
        Assert.Contains(reported, text => text.Contains("refused: ", StringComparison.Ordinal));
        Assert.Equal(logsPrompts, reported.Any(text => text.Contains("GEHEIM", StringComparison.OrdinalIgnoreCase)));
        Assert.Equal(logsPrompts, reported.Any(text => text.Contains("Drache", StringComparison.OrdinalIgnoreCase)));
    }
}
