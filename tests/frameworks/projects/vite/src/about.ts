document.body.dataset.page = 'about'
