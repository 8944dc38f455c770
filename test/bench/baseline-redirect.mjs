// A bare Fastify handler that answers a constant 302: what the redirector is measured against.
import Fastify from 'fastify';

const app = Fastify();
app.get('/l/:id', (_request, reply) => reply.redirect('https://blog.example/1?utm_source=linkedin', 302));
process.send(await app.listen({ port: 0, host: '127.0.0.1' }));
