using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FsCheck;
using FsCheck.Fluent;
using Sora2.Sdk.Images;
using Sora2.Sdk.Platforms;

namespace Sora2.Sdk.Tests;

/// <summary>The JSON of requests and results, with the SDK's options and with those of a program that does not use them.</summary>
public sealed partial class JsonTests
{
    private const string Secret = "https://media.example.com/1.mp4?X-Sig=fake-signature";

    private static readonly DateTimeOffset Time = new(2026, 11, 28, 1, 2, 3, TimeSpan.Zero);

    private static readonly VideoTask Task = new()
    {
        PlatformName = "juxin",
        ClientName = "cheap",
        Id = "video_1",
        Status = VideoTaskStatus.Succeeded,
        RawStatus = "completed",
        Progress = 100,
        VideoUrl = new Uri(Secret),
        ThumbnailUrl = new Uri(Secret),
        LastFrameUrl = new Uri(Secret),
        Model = "sora-2-all",
        CreatedAt = Time,
        StartedAt = Time,
        CompletedAt = Time,
        Mentions = new MentionResolution
        {
            Prompt = "@a.b 在海边玩",
            Resolved = [new ResolvedMention { Text = "@阳光小猫", Username = "a.b" }],
            Unresolved = ["@c"],
        },
        Raw = JsonDocument.Parse($$"""{"video_url":"{{Secret}}"}""").RootElement,
    };

    private static readonly Character Character = new()
    {
        Id = "ch_1",
        Username = "a.b",
        DisplayName = "B",
        Permalink = new Uri("https://h/p"),
        ProfilePictureUrl = new Uri(Secret),
        Raw = Task.Raw,
    };

    private static readonly TaskRecord Record = new()
    {
        Id = "k",
        PlatformName = "juxin",
        State = TaskRecordState.Unknown,
        Prompt = "p",
        Duration = TimeSpan.FromSeconds(15),
        CreatedAt = Time,
        UpdatedAt = Time,
        Error = "e",
    };

    private static readonly Sora2ApiException Refused = new(Sora2ErrorKind.InsufficientQuota, "用户额度不足")
    {
        PlatformName = "juxin",
        ClientName = "cheap",
        RequestId = "r",
        RequestLine = "POST /v1/video/create",
        StatusCode = System.Net.HttpStatusCode.PaymentRequired,
        Attempts = 2,
        RetryAfter = TimeSpan.FromSeconds(7),
        RawBody = Secret,
    };

    private static readonly SubmissionUnknownException Lost = new("No response arrived.", new HttpRequestException("cut"))
    {
        PlatformName = "juxin",
        TaskId = "video_2",
        SentAt = Time,
        PromptDigest = "0011223344556677",
    };

    private static readonly BatchItem Item = new()
    {
        Index = 3,
        Request = new VideoRequest("p")
        {
            Key = "night",
            Images = [ImageInput.FromStream(new MemoryStream(TinyImages.Png)), ImageInput.FromFile("/home/somebody/kitten.png")],
        },
        State = BatchItemState.Failed,
        Handle = "video_1",
        VideoTask = Task,
        Error = Refused,
    };

    private static readonly Balance Money = new()
    {
        Amount = 12.5m,
        Unit = "USD",
        Used = 7.5m,
        Granted = 20,
        ExpiresAt = Time,
    };

    private static readonly AccountReport Report = new()
    {
        Checks =
        [
            new AccountCheck { Name = "host", IsOk = true, Seen = "h responded in 5 ms." },
            new AccountCheck
            {
                Name = "key",
                IsOk = false,
                Seen = "Juxin does not accept it.",
                Advice = "Check it.",
                Kind = Sora2ErrorKind.Authentication,
            },
        ],
        Balance = Money,
        PlatformName = "juxin",
        ClientName = "cheap",
        Address = "https://h",
        IsKeySet = true,
        SdkVersion = "0.1.0",
        Runtime = ".NET 10",
        CheckedAt = Time,
    };

    private static readonly object[] Results =
    [
        Task,
        new VideoTask { PlatformName = "juxin", Id = "1", Status = VideoTaskStatus.Unknown },
        Task with { Progress = double.NaN },
        Item,
        Item with { Error = new WaitCanceledException("juxin", "video_1", innerException: null, CancellationToken.None) },
        Item with { Error = new InvalidOperationException("x") },
        new ResumedTask { Record = Record, VideoTask = Task },
        new ResumedTask { Record = Record, Error = Lost },
        Record,
        Character,
        new LibraryCharacter { Username = "a.b", ProfilePictureUrl = new Uri(Secret) },
        new DownloadedVideo { TaskId = "1", Path = "/v/1.mp4", Length = 7, Sha256 = "00" },
        Task.Mentions!,
        Money,
        new Balance { IsUnlimited = true },
        Report,
        Sora2Platform.Zhenzhen.Models[0],
        Sora2Platform.Zhenzhen.Models[0].Formats[0],
        new BatchProgress { Item = Item, Running = 1 },
        new DownloadProgress { BytesReceived = 1, TotalBytes = 2, BytesPerSecond = 3 },
        Item.Request,
        new StoryboardShot { Scene = "a", Duration = TimeSpan.FromSeconds(1) },
        new Storyboard { Shots = [] },
        CharacterRequest.FromTask("1", new TimeRange(1, double.NaN)),
        Refused,
        new Sora2Exception(Sora2ErrorKind.Unknown, "x"),
    ];

    /// <summary>The options of a program with reflection, and of one without.</summary>
    private static readonly JsonSerializerOptions[] Ways =
    [
        new() { TypeInfoResolver = new DefaultJsonTypeInfoResolver() },
        new(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() },
        new() { TypeInfoResolver = Sora2Json.TypeInfoResolver },
        new(JsonSerializerDefaults.Web) { TypeInfoResolverChain = { Sora2Json.TypeInfoResolver, new DefaultJsonTypeInfoResolver() } },
        new(JsonSerializerDefaults.Web) { TypeInfoResolverChain = { OfAnApplication.Default, Sora2Json.TypeInfoResolver } },
        Sora2Json.CreateOptions(),
        Sora2Json.CreateOptions(allowFilePaths: true),
    ];

    private static readonly JsonSerializerOptions Unescaped = new(Sora2Json.CreateOptions())
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public void Every_result_is_written_with_enum_names_and_without_raw_response_and_links()
    {
        foreach (var result in Results.Append(Results.OfType<VideoTask>().ToArray()).Append(new List<BatchItem> { Item }))
        {
            foreach (var options in Ways)
            {
                var json = JsonSerializer.Serialize(
                    result, options.GetTypeInfo(result is Sora2Exception ? typeof(Sora2Exception) : result.GetType()));

                Assert.DoesNotContain("X-Sig", json, StringComparison.Ordinal);
                Assert.DoesNotContain("\"raw\"", json, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotMatch("(?i)\"(status|state|kind|aspectRatio)\":[0-9]", json);
            }
        }
    }

    [Fact]
    public void Every_public_result_and_request_can_be_serialized()
    {
        Type[] settings = [typeof(BatchOptions), typeof(DownloadOptions), typeof(WaitOptions), typeof(ApiResponse)];
        var records = typeof(VideoTask).Assembly.GetExportedTypes()
            .Where(type => type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null)
            .Except(settings)
            .ToList();

        Assert.True(records.Count > 15);
        Assert.All(records, type => Assert.NotNull(Sora2Json.CreateOptions().GetTypeInfo(type)));
    }

    [Fact]
    public void Json_of_a_task_has_this_form() => Assert.Equal(
        "{\"platformName\":\"juxin\",\"clientName\":\"\",\"id\":\"video_1\",\"status\":\"Failed\",\"isCompleted\":true,\"progress\":12.5,"
            + "\"failureReason\":\"违规\",\"createdAt\":\"2026-11-28T01:02:03+00:00\"}",
        JsonSerializer.Serialize(
            new VideoTask
            {
                PlatformName = "juxin",
                Id = "video_1",
                Status = VideoTaskStatus.Failed,
                Progress = 12.5,
                FailureReason = "违规",
                CreatedAt = Time,
            },
            Unescaped));

    [Fact]
    public void Links_are_written_on_request_and_read_back()
    {
        var options = Sora2Json.CreateOptions(includeLinks: true);

        Assert.Equal(Task with { Raw = default, Mentions = null }, Read(options, Task) with { Mentions = null });
        Assert.Equal(Character with { Raw = default }, Read(options, Character));
        Assert.Equal(
            new LibraryCharacter { Username = "a.b", ProfilePictureUrl = new Uri(Secret) },
            Read(options, new LibraryCharacter { Username = "a.b", ProfilePictureUrl = new Uri(Secret) }));
    }

    [Fact]
    public void Results_are_read_back()
    {
        foreach (var options in Ways)
        {
            var task = Read(options, Task);
            Assert.Equal(
                Task with { Raw = default, VideoUrl = null, ThumbnailUrl = null, LastFrameUrl = null, Mentions = null },
                task with { Mentions = null });
            Assert.Equal(
                (Task.Mentions!.Prompt, Task.Mentions.Resolved[0], "@c"),
                (task.Mentions!.Prompt, task.Mentions.Resolved.Single(), task.Mentions.Unresolved.Single()));
            Assert.Equal(Record, Read(options, Record));
            Assert.Equal(Character with { Raw = default, ProfilePictureUrl = null }, Read(options, Character));
            Assert.Equal(Money, Read(options, Money));
            Assert.Equal(new Balance { IsUnlimited = true }, Read(options, new Balance { IsUnlimited = true }));
            var report = Read(options, Report);
            Assert.Equal(Report.Checks, report.Checks);
            Assert.Equal(Report with { Checks = [] }, report with { Checks = [] });
            Assert.Equal(Sora2Platform.Zhenzhen.Models[0].Formats, Read(options, Sora2Platform.Zhenzhen.Models[0]).Formats);

            var item = Read(
                options,
                Item with
                {
                    Request = new VideoRequest("p") { Key = "night" },
                    Video = new DownloadedVideo { TaskId = "1", Length = 7 },
                });
            Assert.Equal(
                (3, "night", "p", BatchItemState.Failed, "video_1", "video_1", 7),
                (item.Index, item.Request.Key, item.Request.GetPrompt(), item.State, item.TaskId, item.VideoTask!.Id, item.Video!.Length));
            var error = Assert.IsType<Sora2Exception>(item.Error);
            Assert.Equal(
                (
                    Refused.Kind,
                    Refused.Message,
                    false,
                    (bool?)false,
                    "juxin",
                    "cheap",
                    "r",
                    Refused.RequestLine,
                    Refused.StatusCode,
                    2,
                    Refused.RetryAfter,
                    (string?)null),
                (
                    error.Kind,
                    error.Message,
                    error.IsTransient,
                    error.MayHaveBeenCharged,
                    error.PlatformName,
                    error.ClientName,
                    error.RequestId,
                    error.RequestLine,
                    error.StatusCode,
                    error.Attempts,
                    error.RetryAfter,
                    error.RawBody));

            var unknown = Assert.IsType<SubmissionUnknownException>(Read(options, new ResumedTask { Record = Record, Error = Lost }).Error);
            Assert.Equal(
                ("No response arrived.", "video_2", Time, Lost.PromptDigest, (bool?)null),
                (unknown.Message, unknown.TaskId, unknown.SentAt, unknown.PromptDigest, unknown.MayHaveBeenCharged));
        }
    }

    [Fact]
    public async Task Saved_item_is_resumed_and_not_paid_twice()
    {
        var api = new Support.StubHandler("""{"id":"video_2","status":"completed","video_url":"https://media.example.com/2.mp4"}""");
        using var client = Support.TestClients.Create(Sora2Platform.Juxin, api);
        var kept = Read(
            Sora2Json.CreateOptions(),
            new BatchItem
            {
                Index = 0,
                Request = new VideoRequest("p"),
                State = BatchItemState.Unfinished,
                Handle = "video_2",
                Error = Lost,
            });

        await foreach (var item in client.Videos.ResumeBatchAsync([kept], cancellationToken: TestContext.Current.CancellationToken))
        {
            Assert.Equal(BatchItemState.Succeeded, item.State);
        }

        Assert.All(api.Sent, request => Assert.Equal("GET", request.Method));
    }

    [Fact]
    public void Request_is_read_as_a_browser_sends_it()
    {
        foreach (var options in Ways.Where(options => options.PropertyNameCaseInsensitive))
        {
            var request = (VideoRequest)JsonSerializer.Deserialize(
                """
                {
                  "prompt": "a", "aspectRatio": "Portrait9x16", "duration": "00:00:15",
                  "images": [
                    "https://img.example.com/1.png", { "url": "https://img.example.com/2.png" },
                    "data:image/png;base64,AAAA", { "data": "data:image/png;base64,AAAB" }
                  ],
                  "extraFields": { "seed": 7 }
                }
                """,
                options.GetTypeInfo(typeof(VideoRequest)))!;

            Assert.Equal(
                ("a", AspectRatio.Portrait9x16, TimeSpan.FromSeconds(15), 7),
                (request.Prompt, request.AspectRatio, request.Duration, (int)request.ExtraFields!["seed"]!));
            Assert.Equal(
                [
                    ImageInput.FromUrl(new Uri("https://img.example.com/1.png")),
                    ImageInput.FromUrl(new Uri("https://img.example.com/2.png")),
                    ImageInput.FromDataUri("data:image/png;base64,AAAA"),
                    ImageInput.FromDataUri("data:x;base64,AAAB"),
                ],
                request.Images);
            Assert.Empty(
                ((VideoRequest)JsonSerializer.Deserialize("""{"prompt":"a"}""", options.GetTypeInfo(typeof(VideoRequest)))!).Images);
            Assert.Equal(
                CharacterRequest.FromTask("1", new TimeRange(1, 3)),
                JsonSerializer.Deserialize(
                    """{"source":"1","range":{"startSeconds":1,"endSeconds":3}}""", options.GetTypeInfo(typeof(CharacterRequest))));
        }
    }

    [Theory]
    [InlineData("\"kitten.png\"")]
    [InlineData("\"/etc/passwd\"")]
    [InlineData("\"file:///etc/passwd\"")]
    [InlineData("{\"file\":\"kitten.png\"}")]
    public void Path_is_read_only_where_that_is_allowed(string image)
    {
        var json = $$"""{"prompt":"a","images":[{{image}}]}""";

        foreach (var options in Ways.SkipLast(1).Where(options => options.PropertyNameCaseInsensitive))
        {
            Assert.Contains(
                "allowFilePaths",
                Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, options.GetTypeInfo(typeof(VideoRequest)))).Message,
                StringComparison.Ordinal);
        }

        Assert.IsType<FileImage>(((VideoRequest)JsonSerializer.Deserialize(json, Ways[^1].GetTypeInfo(typeof(VideoRequest)))!).Images[0]);
    }

    [Fact]
    public void Path_that_is_not_allowed_is_not_written()
    {
        Assert.Contains("{\"file\":\"kitten.png\"}", JsonSerializer.Serialize(Item, Sora2Json.CreateOptions()), StringComparison.Ordinal);
        Assert.Contains(
            "{\"file\":\"/home/somebody/kitten.png\"}",
            JsonSerializer.Serialize(Item, Sora2Json.CreateOptions(allowFilePaths: true)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("\"\"")]
    [InlineData("\"data:nonsense\"")]
    [InlineData("\"ftp://h/a.png\"")]
    [InlineData("{\"url\":\"a.png\"}")]
    [InlineData("{\"url\":null}")]
    [InlineData("{\"stream\":\"\"}")]
    [InlineData("{\"url\":\"https://h/a\",\"data\":\"data:x;base64,AAAA\"}")]
    public void Malformed_image_is_refused(string image)
    {
        foreach (var options in Ways.Where(options => options.PropertyNameCaseInsensitive).Take(3))
        {
            Assert.Throws<JsonException>(
                () => JsonSerializer.Deserialize($$"""{"prompt":"a","images":[{{image}}]}""", options.GetTypeInfo(typeof(VideoRequest))));
        }
    }

    [Fact]
    public void Options_of_the_SDK_write_the_kind_of_a_request_and_refuse_unknown_fields()
    {
        var options = Sora2Json.CreateOptions();

        Assert.StartsWith(
            """{"kind":"video","prompt":"a",""", JsonSerializer.Serialize(new VideoRequest("a"), options), StringComparison.Ordinal);
        Assert.StartsWith(
            """{"kind":"storyboard",""", JsonSerializer.Serialize(new Storyboard { Shots = [] }, options), StringComparison.Ordinal);
        Assert.StartsWith(
            """{"kind":"character",""",
            JsonSerializer.Serialize(CharacterRequest.FromTask("1", new TimeRange(1, 3)), options),
            StringComparison.Ordinal);
        Assert.Contains(
            "of the kind \"video\"",
            Assert.Throws<JsonException>(
                () => JsonSerializer.Deserialize<VideoRequest>("""{"kind":"storyboard","prompt":"a"}""", options)).Message,
            StringComparison.Ordinal);
        Assert.Throws<JsonException>(
            () => JsonSerializer.Deserialize<VideoRequest>("""{"prompt":"a","aspectRatoi":"Portrait9x16"}""", options));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<VideoRequest>("""{"prompt":"a","aspectRatio":"wide"}""", options));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<VideoRequest>("{}", options));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<CharacterRequest>(
            """{"source":"1","range":{"startSecond":1,"endSeconds":3}}""", options));
    }

    [Fact]
    public void Advice_is_written_in_the_language_of_the_writer_and_read_in_that_of_the_reader()
    {
        foreach (var options in Ways)
        {
            string json;
            using (Support.UICulture.Set("zh-CN"))
            {
                json = JsonSerializer.Serialize(Lost, options.GetTypeInfo(typeof(Sora2Exception)));
                Assert.Equal(Lost.Advice, AdviceIn(json));
                Assert.Contains("请先查询该任务", Lost.Advice, StringComparison.Ordinal);
            }

            using (Support.UICulture.Set("en"))
            {
                var read = (Sora2Exception)JsonSerializer.Deserialize(json, options.GetTypeInfo(typeof(Sora2Exception)))!;
                Assert.Equal(Lost.Advice, read.Advice);
                Assert.NotEqual(Lost.Advice, AdviceIn(json));
            }
        }

        static string? AdviceIn(string json) => JsonNode.Parse(json)!.AsObject()
            .Single(field => field.Key.Equals("advice", StringComparison.OrdinalIgnoreCase)).Value!.GetValue<string>();
    }

    [Fact]
    public void Cancellation_has_advice_and_another_exception_has_none()
    {
        var options = Sora2Json.CreateOptions();
        using var _ = Support.UICulture.Set("en");

        Assert.Contains(
            "\"advice\":\"The task continues at the platform. Do not create it again: wait for task video_1.\"",
            WriteError(new WaitCanceledException("juxin", "video_1", innerException: null, CancellationToken.None)),
            StringComparison.Ordinal);
        Assert.Contains(
            "look for the request in the platform\\u0027s own log before creating it again.\"",
            WriteError(new SubmissionCanceledException("juxin", Time, innerException: null, CancellationToken.None)),
            StringComparison.Ordinal);
        Assert.DoesNotContain("\"advice\"", WriteError(new InvalidOperationException("x")), StringComparison.Ordinal);

        string WriteError(Exception error) => JsonSerializer.Serialize(Item with { Error = error }, options);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("[]")]
    [InlineData("{\"message\":7}")]
    [InlineData("{\"message\":\"a\",\"retryAfter\":\"soon\"}")]
    [InlineData("{\"message\":\"a\",\"attempts\":1e99}")]
    [InlineData("{\"message\":\"a\",\"isTransient\":\"yes\"}")]
    public void Malformed_error_is_refused(string error) =>
        Assert.Throws<JsonException>(
            () => JsonSerializer.Deserialize<BatchItem>(
                $$"""{"index":0,"request":{"prompt":"a"},"error":{{error}}}""", Sora2Json.CreateOptions()));

    [Fact]
    public void Any_request_is_read_back()
    {
        var texts = Gen.ArrayOf(Gen.Elements("a", "鹰", " ", "\n", "\"", "\\", "\0", "🦅", "</script>", "@阳光小猫")).Select(string.Concat);
        var images = Gen.ListOf(Gen.OneOf(
            texts.Select(text => ImageInput.FromUrl(new Uri("https://img.example.com/?" + Uri.EscapeDataString(text)))),
            Gen.ArrayOf(ArbMap.Default.GeneratorFor<byte>()).Select(
                bytes => ImageInput.FromDataUri("data:image/png;base64," + Convert.ToBase64String(bytes))),
            texts.Where(text => !string.IsNullOrWhiteSpace(text)).Select(ImageInput.FromFile))).Select(list => list.ToArray());
        var requests =
            from prompt in texts
            from model in Gen.OneOf(texts, Gen.Constant<string>(null!))
            from ticks in ArbMap.Default.GeneratorFor<long?>()
            from flags in Gen.ArrayOf(ArbMap.Default.GeneratorFor<bool>(), 4)
            from given in images
            from key in texts
            select new VideoRequest(prompt)
            {
                Model = model,
                Duration = ticks is { } some ? new TimeSpan(some) : null,
                AspectRatio = flags[0] ? AspectRatio.Portrait9x16 : AspectRatio.Landscape16x9,
                HighDefinition = flags[1],
                Watermark = flags[2],
                Private = flags[3],
                GenerateAudio = flags[0] ? flags[1] : null,
                Resolution = flags[1] ? Resolution.P720 : null,
                Seed = ticks,
                NegativePrompt = model,
                Key = flags[2] ? key : null,
                Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [prompt] = key },
                Images = [.. given.Select((image, index) => image with { Role = (ImageRole)(index % 4) })],
                ExtraFields = new JsonObject { [key] = prompt },
            };
        Prop.ForAll(Arb.From(requests), request =>
        {
            foreach (var options in new[] { Ways[^1], WithPaths(Ways[0]), WithPaths(Ways[1]) })
            {
                var read = Read(options, request);
                Assert.Equal(request with { Images = read.Images, ExtraFields = read.ExtraFields }, read);
                Assert.Equal(request.Images, read.Images);
                Assert.True(JsonNode.DeepEquals(request.ExtraFields, read.ExtraFields));
                var storyboard = new Storyboard
                {
                    Shots =
                    [
                        new StoryboardShot { Scene = request.Prompt, Duration = request.Duration ?? default, Images = request.Images },
                    ],
                    ReferenceImages = request.Images,
                    Model = request.Model,
                };
                var readStoryboard = Read(options, storyboard);
                Assert.Equal(storyboard.AllImages, readStoryboard.AllImages);
                Assert.Equal(
                    (storyboard.Shots[0].Scene, storyboard.TotalDuration, storyboard.Model),
                    (readStoryboard.Shots[0].Scene, readStoryboard.TotalDuration, readStoryboard.Model));

                var remix = new RemixRequest(new TaskHandle(request.Prompt + "1") { PlatformName = "juxin" }, request.Prompt);
                Assert.Equal(remix with { Source = "1" }, Read(options, remix) with { Source = "1" });
                Assert.Equal(
                    [typeof(VideoRequest), typeof(Storyboard), typeof(RemixRequest)],
                    Read<IReadOnlyList<GenerationRequest>>(options, [request, storyboard, remix]).Select(read => read.GetType()));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

        static JsonSerializerOptions WithPaths(JsonSerializerOptions options) => new(options) { Converters = { Ways[^1].Converters[0] } };
    }

    [Theory]
    [InlineData("""{"kind":"remix","source":"sora2:juxin//video_1","prompt":"a"}""", typeof(RemixRequest))]
    [InlineData("""{"shots":[]}""", typeof(Storyboard))]
    [InlineData("""{"Prompt":"a","Kind":"video"}""", typeof(VideoRequest))]
    public void Request_of_any_kind_is_read_by_its_kind_or_its_fields(string json, Type kind) =>
        Assert.IsType(kind, JsonSerializer.Deserialize<GenerationRequest>(json, Sora2Json.CreateOptions()));

    [Theory]
    [InlineData("""{"kind":"film","prompt":"a"}""")]
    [InlineData("""{"kind":7,"prompt":"a"}""")]
    [InlineData("""["a"]""")]
    [InlineData("""{"prompt":"a","images":["/srv/secret.png"]}""")]
    [InlineData("""{"prompt":"a","images":[{"url":"http://h:99999/a.png"}]}""")]
    [InlineData("""{"prompt":"a","images":[{"url":"http://"}]}""")]
    [InlineData("""{"prompt":"a","images":[{"url":"https://h/a.png","role":"middle"}]}""")]
    public void Request_of_no_kind_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<GenerationRequest>(json, Sora2Json.CreateOptions()));

    [Fact]
    public void Item_is_written_by_a_context_that_does_not_contain_its_types()
    {
        var json = JsonSerializer.Serialize(Item, new OfAnApplication(new JsonSerializerOptions(JsonSerializerDefaults.Web)).BatchItem);

        Assert.Contains("\"error\":{\"type\":\"Sora2ApiException\",\"kind\":\"InsufficientQuota\"", json, StringComparison.Ordinal);
    }

    private static T Read<T>(JsonSerializerOptions options, T value) =>
        (T)JsonSerializer.Deserialize(JsonSerializer.Serialize(value, options.GetTypeInfo(typeof(T))), options.GetTypeInfo(typeof(T)))!;

    /// <summary>The context of a native program, with the types that it returns.</summary>
    [JsonSerializable(typeof(VideoTask))]
    [JsonSerializable(typeof(BatchItem))]
    [JsonSerializable(typeof(ResumedTask))]
    [JsonSerializable(typeof(VideoRequest))]
    [JsonSerializable(typeof(Storyboard))]
    private sealed partial class OfAnApplication : JsonSerializerContext;
}
