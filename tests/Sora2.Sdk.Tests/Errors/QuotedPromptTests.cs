using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Sora2.Sdk.Common;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Platforms.Responses;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Errors;

/// <summary>A quote of the caller's own prompt does not change how an error is classified.</summary>
/// <remarks>Otherwise a billed create would be sent again, or to another client.</remarks>
public sealed class QuotedPromptTests
{
    private static readonly string[] Phrases =
    [
        .. new[]
            {
                RelayPhrases.Money, RelayPhrases.Models, RelayPhrases.Busy, RelayPhrases.RateLimits, RelayPhrases.Tasks,
                RelayPhrases.Routes, RelayPhrases.Keys, RelayPhrases.Tokens, RelayPhrases.UpstreamKeys, RelayPhrases.Moderation,
                RelayPhrases.PlainHttp, RelayPhrases.Accounts,
            }
            .Concat(RelayPhrases.OwnSentences.Select(sentence => sentence.Beginnings))
            .SelectMany(phrases => phrases).Distinct(),
        "当前分组上游负载已饱和，请稍后再试",
        "{\"code\":\"model_not_found\"}",
        "{\"error\":{\"code\":\"insufficient_user_quota\",\"message\":\"余额不足\"}}",
        "sensitive_words_detected",
        "get_channel_failed",
        "fail_to_fetch_task",
    ];

    private static readonly (int Status, Func<string, string> Body)[] Responses =
    [
        (500, quote => JsonOf($"upstream broke, task may still be running. prompt: {quote}")),
        (500, quote => JsonOf($"{quote}: upstream broke")),
        (500, quote => JsonOf(quote)),
        (502, quote => "upstream broke for " + quote),
        (502, quote => "{\"error\":{\"message\":\"upstream broke. prompt: " + JsonEncodedText.Encode(quote)),
        (504, quote => JsonOf(JsonOf($"no response for \"{quote}\""))),
        (503, quote => "{\"code\":\"x\",\"message\":" + JsonValue.Create(quote).ToJsonString() + ",\"data\":null}"),
        (200, quote => JsonOf($"upstream broke, task may still be running. prompt: {quote}")),
        (200, quote => JsonOf(quote)),
        (408, quote => JsonOf(quote)),
        (400, quote => JsonOf($"bad request for {quote}")),
        (400, quote => JsonOf(quote)),
        (403, quote => JsonOf(quote)),
        (
            500,
            quote => "{\"code\":\"fail_to_fetch_task\",\"message\":" + JsonValue.Create(JsonOf(quote)).ToJsonString() + ",\"data\":null}"),
        (
            400,
            quote => "{\"code\":\"fail_to_fetch_task\",\"message\":"
                + JsonValue.Create(JsonOf("bad request for " + quote)).ToJsonString()
                + ",\"data\":null}"),
    ];

    /// <summary>The forms in which a relay may quote a prompt.</summary>
    private static readonly Func<string, int, string>[] Forms =
    [
        (prompt, _) => prompt,
        (prompt, _) => JsonEncodedText.Encode(prompt).ToString(),
        (prompt, _) => string.Concat(prompt.Select(letter => $"\\u{(int)letter:x4}")),
        (prompt, _) => WebUtility.HtmlEncode(prompt),
        (prompt, _) => string.Concat(prompt.Select(letter => $"&#{(int)letter};")),
        (prompt, _) => Uri.EscapeDataString(prompt),
        (prompt, _) => WebUtility.UrlEncode(prompt),
        (prompt, _) => prompt.ToUpperInvariant(),
        (prompt, _) => prompt.Replace(' ', '\n'),
        (prompt, _) => prompt.Replace("\n", " ", StringComparison.Ordinal).Replace('"', '\''),
        (prompt, _) => prompt.Replace("\n", "\\n", StringComparison.Ordinal),
        (prompt, _) => "“" + prompt.Replace("\"", "", StringComparison.Ordinal) + "”",
        (prompt, cut) => prompt[..(1 + (cut % prompt.Length))] + "…",
        (prompt, cut) => "…" + prompt[(cut % prompt.Length)..],
        (prompt, _) => WebUtility.HtmlEncode(JsonEncodedText.Encode(prompt).ToString()),
        (prompt, _) => JsonEncodedText.Encode(JsonEncodedText.Encode(prompt).ToString()).ToString(),
        (prompt, _) => string.Concat(prompt.Select(letter => letter is > '!' and < '~' ? (char)(letter + 0xFEE0) : letter)),
        (prompt, cut) => WebUtility.HtmlEncode(prompt[(cut % prompt.Length)..]).ToUpperInvariant(),
    ];

    [Fact]
    public void Quoted_prompt_of_the_classifiers_own_phrases_does_not_change_the_meaning()
    {
        var cases =
            from parts in Gen.NonEmptyListOf(Gen.Elements(Phrases))
            from glue in Gen.Elements(" ", "", "\n", ", ", "\"", "a corgi ")
            from gap in Gen.Elements("", " ", "已", " account ")
            from form in Gen.Elements(Forms)
            from response in Gen.Elements(Responses)
            from cut in Gen.Choose(0, 10_000)
            let prompt = string.Join(glue, parts.Take(4))
                .Replace("…", gap, StringComparison.Ordinal)
                .Replace("*", "", StringComparison.Ordinal)
            select (Prompt: prompt, Quote: form(prompt, cut), response.Status, response.Body);

        Prop.ForAll(Arb.From(cases), test =>
        {
            if (string.IsNullOrWhiteSpace(test.Quote))
            {
                return; // Nothing is quoted.
            }

            var neutral = Classify(test.Status, test.Body("a corgi"), "a corgi");
            var error = Classify(test.Status, test.Body(test.Quote), test.Prompt);
            Assert.True(
                error.MayHaveBeenCharged == (test.Status is 400 or 403 ? false : null)
                    && neutral.MayHaveBeenCharged == error.MayHaveBeenCharged,
                $"{error.Kind}, charged {error.MayHaveBeenCharged}: {test.Status} {test.Body(test.Quote)}");
            Assert.True(
                (neutral.Kind, neutral.IsTransient) == (error.Kind, error.IsTransient),
                $"{error.Kind} for {neutral.Kind}: {test.Status} {test.Body(test.Quote)}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10000));
    }

    [Theory]
    [InlineData("一个服务器机房, 屏幕上写着 负载已饱和", 500, "upstream timeout, task may still be running. prompt: 一个服务器机房, 屏幕上写着 负载已饱和")]
    [InlineData("一个服务器机房, 屏幕上写着 负载已饱和", 500, "负载已饱和")]
    [InlineData("A TV that says No available channel", 504, "no response for: A TV that says No available channel")]
    [InlineData("A TV that says No available channel", 500, "NO AVAILABLE CHANNEL")]
    [InlineData("A TV that says\nNo  available “channel”", 500, "No available channel")]
    [InlineData("余额不足", 500, "余额不足")]
    [InlineData("余额不足", 200, "余额不足")]
    [InlineData("a note: insufficient account balance", 500, "insufficient &quot;account&quot; balance")]
    public async Task Create_whose_error_quotes_the_prompt_is_sent_once(string prompt, int status, string words)
    {
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            var first = new StubHandler((_, _) => StubHandler.Json(JsonOf(words), (HttpStatusCode)status));
            var second = new StubHandler(TestClients.Accepted(Sora2Platform.Juxin));
            using var one = TestClients.Create(platform, first, options => options.RetryDelay = TimeSpan.FromMilliseconds(1));
            using var two = TestClients.Create(Sora2Platform.Juxin, second, name: "second");

            await Assert.ThrowsAsync<SubmissionUnknownException>(() => new Sora2Router([one, two]).Videos.CreateAsync(
                new VideoRequest(prompt), TestContext.Current.CancellationToken));

            Assert.Equal((1, 0), (first.Sent.Count, second.Sent.Count));
        }
    }

    [Fact]
    public async Task Quoted_scene_of_a_storyboard_proves_nothing()
    {
        var api = new StubHandler((_, _) => StubHandler.Json(JsonOf("负载已饱和"), HttpStatusCode.InternalServerError));
        using var client = TestClients.Create(Sora2Platform.Juxin, api, options => options.RetryDelay = TimeSpan.FromMilliseconds(1));
        var storyboard = new StoryboardBuilder()
            .AddShot("a", TimeSpan.FromSeconds(5))
            .AddShot("上面写着: 负载 已饱和", TimeSpan.FromSeconds(5))
            .Build();

        await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(
            storyboard, TestContext.Current.CancellationToken));

        Assert.Single(api.Sent);
    }

    [Fact]
    public async Task Quoted_negative_prompt_in_the_extra_fields_proves_nothing()
    {
        var api = new StubHandler((_, _) => StubHandler.Json(JsonOf("No available channel"), HttpStatusCode.InternalServerError));
        using var client = TestClients.Create(Sora2Platform.Zhenzhen, api, options => options.RetryDelay = TimeSpan.FromMilliseconds(1));

        await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(
            new VideoRequest("a") { ExtraFields = new JsonObject { ["negative_prompt"] = "no available channel" } },
            TestContext.Current.CancellationToken));

        Assert.Single(api.Sent);
    }

    [Theory]
    [InlineData("余额不足的钱包", """{"error":{"message":"x","code":"insufficient_user_quota"}}""", Sora2ErrorKind.InsufficientQuota)]
    [InlineData("服务器机房", """{"error":{"message":"当前分组上游负载已饱和，请稍后再试"}}""", Sora2ErrorKind.Saturated)]
    public void Relays_own_sentence_still_counts(string prompt, string body, Sora2ErrorKind kind)
    {
        var error = ErrorClassifier.Classify(Response(500, body, prompt));

        Assert.Equal((kind, (bool?)false), (error.Kind, error.MayHaveBeenCharged));
    }

    [Fact]
    public void Looking_for_phrases_in_a_text_made_of_them_takes_no_time()
    {
        var prompt = string.Concat(Enumerable.Repeat("余额余额不足 insufficient &#20313; \\u4f59 ", 2000));
        var clock = System.Diagnostics.Stopwatch.StartNew();

        Assert.Null(Classify(500, JsonOf(prompt), prompt).MayHaveBeenCharged);

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"took {clock.Elapsed}");
    }

    private static string JsonOf(string message) => "{\"error\":{\"message\":" + JsonValue.Create(message).ToJsonString() + "}}";

    private static Sora2ApiException Classify(int status, string body, string prompt) =>
        ErrorClassifier.Classify(Response(status, body, prompt));

    private static ApiResponse Response(int status, string body, string prompt) => new()
    {
        Platform = "juxin",
        Kind = CallKind.CreateVideo,
        StatusCode = (HttpStatusCode)status,
        Body = Encoding.UTF8.GetBytes(body),
        Method = HttpMethod.Post,
        Address = new Uri("https://h/path"),
        PromptTexts = new PromptTexts([prompt]),
    };
}
