using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Platforms.Responses;

namespace Sora2.Sdk.Tests.Display;

/// <summary>The text of a value in a REPL, a debugger and a log.</summary>
public sealed class ToStringTests
{
    private const string Image = "data:image/png;base64,ZmFrZWltYWdl";

    /// <summary>Values of types that <see cref="FakeSecrets"/> cannot create, because they have no suitable constructor.</summary>
    private static readonly Dictionary<Type, Func<object>> ByHand = new()
    {
        [typeof(ApiRequest)] = () => ApiRequest.Get(CallKind.Query, "/v1/video/query?X-Sig=fakesignature"),
        [typeof(JsonBody)] = () => new JsonBody().Add("prompt", FakeSecrets.LongText).Add(FakeSecrets.LongText, value: true),
        [typeof(MultipartBody)] = () =>
            new MultipartBody().Add("prompt", FakeSecrets.LongText).Add("images", [ImageInput.FromDataUri(Image)]),
        [typeof(AspectRatio)] = () => AspectRatio.Landscape16x9,
        [typeof(Resolution)] = () => Resolution.Parse(FakeSecrets.LongText),
        [typeof(TaskHandle)] = () => new TaskHandle("video_1") { PlatformName = "juxin", ClientName = "" }, // verbatim, to be read back
        [typeof(Sora2Client)] = () => Sora2Client.Create(Sora2Platform.Juxin, "test-key-juxin"),
        [typeof(Sora2Router)] = () => new Sora2Router([Sora2Client.Create(Sora2Platform.Juxin, "test-key-juxin")]),
        [typeof(FileTaskStore)] = () => new FileTaskStore("tasks sk-fake-key-0000"),
        [typeof(FileCharacterStore)] = () => new FileCharacterStore("characters sk-fake-key-0000"),
        [typeof(CharacterLibrary)] = () => new CharacterLibrary(new FileCharacterStore("sk-fake-key-0000")),
        [typeof(StoryboardBuilder)] = () =>
            new StoryboardBuilder().AddShot(FakeSecrets.LongText, TimeSpan.FromSeconds(10), ImageInput.FromDataUri(Image)),
        [typeof(VideoTask)] = () =>
            (VideoTask)FakeSecrets.Make(typeof(VideoTask))! with { RawResponse = new RawResponse("\"fakesignature\""u8.ToArray()) },
    };

    public static TheoryData<Type> Values =>
        [.. FakeSecrets.ValueTypesOf(typeof(Sora2Client).Assembly).Where(type => !typeof(Exception).IsAssignableFrom(type))];

    public static TheoryData<Type> Exceptions =>
        [.. FakeSecrets.ValueTypesOf(typeof(Sora2Client).Assembly).Where(typeof(Exception).IsAssignableFrom)];

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public void Text_of_every_value_is_one_line_without_secrets(Type type)
    {
        var value = ByHand.TryGetValue(type, out var make) ? make() : FakeSecrets.Make(type);
        Assert.True(value is not null, $"{type} is new here: give it a sample.");
        using var owned = value as IDisposable;

        // A report is for people to copy, so it has several lines, each as readable as any other text.
        var text = value.ToString() ?? "";
        Assert.All(value is AccountReport ? text.Split('\n') : [text], line => IsReadable(line, type));
    }

    [Fact]
    public void Text_of_every_image_is_one_line_without_its_content()
    {
        using var stream = new MemoryStream("ZmFrZWltYWdl"u8.ToArray());
        ImageInput[] images =
        [
            ImageInput.FromFile("sk-fake-key-0000"),
            ImageInput.FromBytes("ZmFrZWltYWdl"u8.ToArray()),
            ImageInput.FromStream(stream),
            ImageInput.FromDataUri(Image),
            ImageInput.FromUrl(new Uri("https://h.example/a.png?X-Sig=fakesignature")),
        ];

        Assert.All(images, image => IsReadable(image.ToString(), image.GetType()));
        Assert.Equal("UrlImage { https://h.example/a.png }", images[^1].ToString());
        IsReadable((new VideoRequest("p") { Images = images }).ToString(), typeof(VideoRequest));
    }

    [Theory]
    [MemberData(nameof(Exceptions), DisableDiscoveryEnumeration = true)]
    public void Text_of_every_exception_contains_no_secret_and_no_raw_body(Type type)
    {
        var exception = Thrown((Exception)Build(type));

        var text = exception.ToString();

        Assert.All(FakeSecrets.All, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        Assert.StartsWith($"{type}: ", text, StringComparison.Ordinal);
        Assert.Contains("Words sk-***", text, StringComparison.Ordinal);
        Assert.Equal(exception.InnerException is null, !text.Contains("the cause", StringComparison.Ordinal));
        Assert.Contains(nameof(Thrown), text, StringComparison.Ordinal);
        Assert.DoesNotContain("raw body", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_of_an_exception_contains_what_a_support_request_needs()
    {
        var exception = Thrown(new Sora2ApiException(Sora2ErrorKind.ModelUnavailable, "no channel", new IOException("gone"))
        {
            PlatformName = "juxin",
            TaskId = "video_1",
            RequestId = "r-1",
            RequestLine = "GET /v1/video/query",
            StatusCode = System.Net.HttpStatusCode.ServiceUnavailable,
            Attempts = 3,
            RawBody = "raw body",
            MayHaveBeenCharged = false,
        });

        Assert.Equal(
            [
                "Sora2.Sdk.Sora2ApiException: no channel",
                "   (kind: ModelUnavailable, platform: juxin, task: video_1, request id: r-1, request: GET /v1/video/query, "
                    + "HTTP status: 503, attempts: 3, transient: no, may have been charged: no)",
                " ---> System.IO.IOException: gone",
            ],
            exception.ToString().Split(Environment.NewLine).Take(3));
    }

    [Fact]
    public void Options_show_what_differs_and_whether_a_key_is_set()
    {
        Assert.Equal("juxin, no key set", new Sora2ClientOptions().ToString());
        Assert.Equal(
            "zhenzhen, key set, BaseAddress = http://127.0.0.1:5000/p, PollInterval = 00:00:05, PollJitter = 0.25, "
                + "MaxRunningTasks = 2, TaskStore = MemoryTaskStore (0 tasks)",
            new Sora2ClientOptions
            {
                Platform = "zhenzhen",
                ApiKey = "test-key-zhenzhen",
                BaseAddress = new Uri("http://127.0.0.1:5000/p?k=1"),
                PollInterval = TimeSpan.FromSeconds(5),
                PollJitter = 0.25,
                MaxRunningTasks = 2,
                TaskStore = new MemoryTaskStore(),
            }.ToString());
    }

    [Fact]
    public void Options_show_every_setting_once_it_differs()
    {
        string[] alwaysShown = [nameof(Sora2ClientOptions.Platform), nameof(Sora2ClientOptions.ApiKey)];
        foreach (var property in typeof(Sora2ClientOptions).GetProperties().Where(property => !alwaysShown.Contains(property.Name)))
        {
            var options = new Sora2ClientOptions();
            property.SetValue(options, Different(property, property.GetValue(options)));

            Assert.True(
                options.ToString().Contains(property.Name + " = ", StringComparison.Ordinal),
                $"Sora2ClientOptions.ToString() does not show {property.Name}: add it to ClientSettings.");
        }

        static object Different(PropertyInfo property, object? standard) => property.Name switch
        {
            nameof(Sora2ClientOptions.FallbackBaseAddresses) => new List<Uri> { new("https://h.example/") },
            nameof(Sora2ClientOptions.TaskStore) => new MemoryTaskStore(),
            nameof(Sora2ClientOptions.TimeProvider) => new VirtualClock(),
            nameof(Sora2ClientOptions.CharacterLibrary) => new CharacterLibrary(new MemoryCharacterStore()),
            _ when standard is bool value => !value,
            _ when standard is int number => number + 1,
            _ => FakeSecrets.Make(property.PropertyType)!,
        };
    }

    [Fact]
    public void Values_have_the_expected_texts()
    {
        var previous = CultureInfo.CurrentCulture;
        // As in German; a machine may have only the invariant culture.
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
        try
        {
            var task = new VideoTask
            {
                PlatformName = "juxin",
                Id = "video_7b1b817c",
                Status = VideoTaskStatus.InProgress,
                RawStatus = "IN_PROGRESS",
                Progress = 37.5,
                VideoUrl = new Uri("https://h.example/v.mp4?X-Sig=fakesignature"),
            };
            var request = new VideoRequest("A corgi\nsurfs")
            {
                Duration = TimeSpan.FromSeconds(15),
                AspectRatio = AspectRatio.Portrait9x16,
                Model = "sora-2-pro",
                HighDefinition = true,
                Images = [ImageInput.FromFile("a.png")],
                ExtraFields = new JsonObject { ["seed"] = 1 },
            };
            (object Value, string Text)[] values =
            [
                (task, "video_7b1b817c on juxin: InProgress (IN_PROGRESS), 37.5%"),
                (
                    task with { Status = VideoTaskStatus.Failed, RawStatus = null, Progress = null, FailureReason = "违反了\r\n政策" },
                    "video_7b1b817c on juxin: Failed, 违反了 政策"),
                (request, "\"A corgi surfs\", 15 s, 9:16, sora-2-pro, HD, 1 image, 1 extra field"),
                (new VideoRequest("p"), "\"p\""),
                (
                    new StoryboardBuilder().AddShot("An eagle", TimeSpan.FromSeconds(4)).AddShot("It circles", TimeSpan.FromSeconds(3.5)),
                    "2 shots, 7.5 s: \"An eagle\""),
                (
                    new DownloadedVideo { TaskId = "t", Path = "/v/t.mp4", Length = 2_700_000, ContentType = "video/mp4" },
                    "/v/t.mp4 (2.7 MB, video/mp4) of task t"),
                (
                    new DownloadProgress { BytesReceived = 1_200_000, TotalBytes = 2_700_000, BytesPerSecond = 750_000 },
                    "44.4 %, 1.2 MB of 2.7 MB, 750 kB/s, 00:00:02 left"),
                (new DownloadProgress { BytesReceived = 900 }, "900 B"),
                (
                    new BatchProgress
                    {
                        Item = new BatchItem { Index = 2, Request = request },
                        Total = 10,
                        Running = 3,
                        Downloading = 1,
                        Done = 4,
                        Failed = 2,
                    },
                    "4 of 10 done, 2 failed, 3 running, 1 downloading; #2: NotStarted"),
                (new BatchOptions { DownloadTo = "videos" }, "4 tasks at once, download to videos"),
                (
                    new WaitOptions { PollInterval = TimeSpan.FromSeconds(5), Timeout = Timeout.InfiniteTimeSpan },
                    "poll every 5 s, without a timeout"),
                (CharacterRequest.FromTask("video_1", new TimeRange(1, 2.5)), "1,2.5 s of task video_1"),
                (
                    CharacterRequest.FromTask("video_1", new TimeRange(1, 2.5)) with { Alias = "猫" },
                    "1,2.5 s of task video_1 as \"猫\""),
                (new CharacterQuery { Text = "猫", Filter = CharacterFilter.Favorites, Limit = 5 }, "Favorites, \"猫\", at most 5"),
                (CharacterRequest.FromUrl(new Uri("https://h.example/v.mp4?k=1"), new TimeRange(1, 3)), "1,3 s of https://h.example/v.mp4"),
                (Sora2Platform.Zhenzhen.FindModel("sora-2-pro")!, "sora-2-pro: 10, 15, 25 s, HD 10, 15 s"),
                (
                    new MentionResolution
                    {
                        Prompt = "p",
                        Resolved = [new ResolvedMention { Text = "@猫", Username = "cat.one" }],
                        Unresolved = ["@dog"],
                    },
                    "@猫 → @cat.one, @dog left as it is"),
                (
                    new Balance { Amount = 12.5m, Unit = "USD", Used = 0.1m, ExpiresAt = DateTimeOffset.UnixEpoch },
                    "12.5 USD, 0.1 used, until 1970-01-01"),
                (
                    new AccountCheck { Name = "key", IsOk = false, Seen = "Juxin does not accept it.", Advice = "Check the key." },
                    "key fails: Juxin does not accept it. Check the key."),
                (
                    new MultipartBody().Add("prompt", "p").Add("image", [ImageInput.FromFile("a"), ImageInput.FromFile("b")]),
                    "MultipartBody (prompt, image; 2 images)"),
            ];

            Assert.All(values, value => Assert.Equal(value.Text, value.Value.ToString()));
        }
        finally
        {
            CultureInfo.CurrentCulture = previous;
        }
    }

    private static void IsReadable(string? text, Type type)
    {
        Assert.NotNull(text);
        Assert.All(FakeSecrets.All, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        Assert.DoesNotContain(text, letter => char.IsControl(letter) || letter is '\u2028' or '\u202e');
        Assert.InRange(text.Length, 1, 1500);
        Assert.NotEqual(type.ToString(), text);
        Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
    }

    private static object Build(Type type)
    {
        // Every text contains secrets, and the cause has a text of its own.
        var constructor = type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!;
        var exception = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Argument(parameter.ParameterType))]);
        var settable = type.GetProperties()
            .Where(property => property.SetMethod?.IsPublic == true && property.DeclaringType != typeof(Exception));
        foreach (var property in settable)
        {
            property.SetValue(
                exception, property.Name == nameof(Sora2Exception.RawBody) ? "raw body" : FakeSecrets.Make(property.PropertyType));
        }

        return exception;

        static object? Argument(Type type) =>
            typeof(Exception).IsAssignableFrom(type) ? new IOException("the cause " + FakeSecrets.LongText)
            : type == typeof(CancellationToken) ? CancellationToken.None
            : FakeSecrets.Make(type);
    }

    private static Exception Thrown(Exception exception)
    {
        try
        {
            throw exception;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
