// An OpenID provider for tests: whoever signs in at its development pages is who they say. Arguments: port, redirect URI.
import { Provider } from "oidc-provider";

const [port, redirect] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "zonary", client_secret: "a-secret-of-the-tests", redirect_uris: [redirect] }],
  pkce: { required: () => true },
  cookies: { keys: ["only for tests"] },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "real_name_verified"] },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({
      sub: id, email: `${id}@people.example`, email_verified: true, name: "周明远", real_name_verified: id !== "unchecked",
    }),
  }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
