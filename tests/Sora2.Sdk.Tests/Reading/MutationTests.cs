using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Reading;

/// <summary>Reading a damaged captured body throws only the SDK's own exceptions.</summary>
public sealed class MutationTests
{
    private static readonly byte[][] Bodies =
    [
        .. Captured.Names.Select(Captured.Read),
        """{"object":"list","data":[{"id":"sora-2","object":"model"},{"id":"veo3.1-fast"}]}"""u8.ToArray(),
        """
        {"code":true,"message":"ok","data":{"object":"token_usage","name":"k","total_granted":1000000,"total_used":"12345",
        "total_available":987655,"unlimited_quota":false,"model_limits":{},"expires_at":1798675200}}
        """u8.ToArray(),
        """{"object":"billing_subscription","hard_limit_usd":20.5,"system_hard_limit_usd":20.5,"access_until":0}"""u8.ToArray(),
        """{"object":"list","total_usage":1234.5678}"""u8.ToArray(),
        """{"code":true,"data":{"amount":"12.34","used_amount":5.6,"display_type":"CNY","total_available":6170000}}"""u8.ToArray(),
        """{"error":{"message":"record not found","type":"upstream_error"}}"""u8.ToArray(),
    ];
    private static readonly HttpStatusCode[] Statuses =
    [
        HttpStatusCode.OK,
        HttpStatusCode.BadRequest,
        HttpStatusCode.NotFound,
        HttpStatusCode.TooManyRequests,
        HttpStatusCode.BadGateway,
        HttpStatusCode.Found,
    ];

    [Theory]
    [AllPlatforms]
    public async Task Call_with_a_damaged_response_throws_only_Sora2Exception(string platformName)
    {
        var platform = Sora2Platform.BuiltIn.Single(known => known.Name == platformName);
        var responses = MutatedResponses().Generator.Sample(1000 * Bodies.Length).ToList();
        foreach (var response in responses)
        {
            using var client = TestClients.Create(
                platform,
                new StubHandler((_, _) => StubHandler.Bytes(response.Body.ToArray(), response.StatusCode)),
                options => (options.QueryRetries, options.CreateRetries) = (0, 0));
            try
            {
                await (response.Kind switch
                {
                    CallKind.Query => (Task)client.Videos.GetAsync("task-1"),
                    CallKind.CreateVideo => client.Videos.CreateAsync(new VideoRequest("a")),
                    CallKind.CreateStoryboard => client.Videos.CreateAsync(
                        new StoryboardBuilder().AddShot("a", TimeSpan.FromSeconds(10)).Build()),
                    _ => client.Characters.CreateAsync(CharacterRequest.FromTask("t", new TimeRange(1, 3))),
                });
            }
            catch (Sora2Exception e)
            {
                Assert.False(
                    e.MayHaveBeenCharged is null && response.Kind != CallKind.Query && e is not SubmissionUnknownException,
                    "an unknown outcome has its own type");
            }
        }
    }

    [Fact]
    public void Decoding_a_damaged_response_throws_only_Sora2Exception() =>
        Prop.ForAll(MutatedResponses(), response => OnlySora2Exceptions(response)).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    private static void OnlySora2Exceptions(ApiResponse response)
    {
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            try
            {
                _ = response.Kind == CallKind.CreateCharacter
                    ? (object)platform.DecodeCharacter(response)
                    : platform.DecodeTask(response).ToUnifiedJson();
            }
            catch (Sora2Exception e)
            {
                Assert.NotEmpty(e.Message);
            }

            try
            {
                _ = platform.DecodeModelList(response);
            }
            catch (Sora2Exception e)
            {
                Assert.NotEmpty(e.Message);
            }

            try
            {
                Assert.NotEmpty(platform.DecodeBalance(response).ToString());
            }
            catch (Sora2ApiException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    private static Arbitrary<ApiResponse> MutatedResponses()
    {
        var responses =
            from body in Gen.Elements(Bodies)
            from edits in Gen.ListOf(Gen.Choose(0, int.MaxValue - 1))
            from status in Gen.Elements(Statuses)
            from call in Gen.Elements(Enum.GetValues<CallKind>())
            from known in Gen.Elements(null, "task-1")
            select new ApiResponse
            {
                Platform = "juxin",
                Kind = call,
                StatusCode = status,
                Body = Mutate(body, edits),
                TaskId = call == CallKind.Query ? "task-1" : known,
                Address = new Uri("https://h/path"),
            };
        return Arb.From(responses);
    }

    private static byte[] Mutate(byte[] body, IEnumerable<int> edits)
    {
        var bytes = body.ToList();
        foreach (var edit in edits)
        {
            var at = edit % Math.Max(1, bytes.Count);
            switch (edit / 7 % 6)
            {
                case 0 when bytes.Count > 0:
                    bytes.RemoveRange(at, bytes.Count - at); // cut
                    break;
                case 1 when bytes.Count > 0:
                    bytes[at] = (byte)(edit / 11);
                    break;
                case 2:
                    bytes.Insert(at, (byte)"{}[]\",:0\\n\uFEFF"[edit / 11 % 11]);
                    break;
                case 3 when bytes.Count > 0:
                    bytes.RemoveAt(at);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(20, bytes.Count - at)));
                    break;
                default:
                    bytes.AddRange(body[..(edit % body.Length)]);
                    break;
            }
        }

        return [.. bytes];
    }
}
