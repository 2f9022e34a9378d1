// Inserts the widget of a petition after this script element:
// <script src="https://petitions.example/embed.js" data-petition="more-trees" async></script>
(script => {
  const frame = document.createElement('iframe');
  frame.src = new URL('/embed/' + encodeURIComponent(script.dataset.petition), script.src);
  frame.title = script.dataset.title || 'Petition';
  frame.loading = 'lazy';
  frame.width = '100%';
  frame.height = 240;
  frame.style.cssText = 'border:0;max-width:480px';
  script.after(frame);
})(document.currentScript);
